//! How much memory a value takes, from above: any value that serde can write.
//!
//! Counting what is written, instead of each type by hand, cannot forget a field. A number counts as sixteen bytes
//! whatever its width, which leaves room for padding and for what is made beside it; a text or list as its own header,
//! its bytes and the allocator's rounding; the elements of a list as often as a list that grows by doubling holds room
//! for them; a variant as the largest of its kind could be.

use serde::de::value::Error;
use serde::ser::{self, Serialize, Serializer};

/// An upper bound of the memory that a value takes, in bytes. O(value).
pub fn weigh<T: Serialize + ?Sized>(value: &T) -> u64 {
    let mut heap = Heap(0);
    // What cannot be written cannot be weighed, and counts as more than there is.
    value.serialize(&mut heap).map_or(u64::MAX, |inline| inline.saturating_add(heap.0))
}

/// What lies behind pointers so far. Serializing gives what lies in place.
struct Heap(u64);

/// A value with parts: what lies in place, and in how many parts.
struct Parts<'h> {
    heap: &'h mut Heap,
    inline: u64,
    count: u64,
    /// Whether the parts lie behind a pointer.
    is_list: bool,
    /// The least that lies in place.
    least: u64,
}

const NUMBER: u64 = 16;
const POINTER: u64 = 24;
const VARIANT: u64 = 64;
const ROUNDING: u64 = 32;

impl Heap {
    fn text(&mut self, length: usize) -> u64 {
        self.0 = self.0.saturating_add(length as u64 + ROUNDING);
        POINTER
    }

    fn parts(&mut self, is_list: bool, least: u64) -> Parts<'_> {
        Parts { heap: self, inline: 0, count: 0, is_list, least }
    }
}

impl Parts<'_> {
    fn add<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Error> {
        self.inline = self.inline.saturating_add(part.serialize(&mut *self.heap)?);
        self.count += 1;
        Ok(())
    }

    fn close(self) -> u64 {
        if !self.is_list {
            return self.inline.max(self.least);
        }
        // The first room that a list makes is for four.
        let room = if self.count < 4 { self.inline.saturating_mul(4) } else { self.inline.saturating_mul(2) };
        self.heap.0 = self.heap.0.saturating_add(room.saturating_add(ROUNDING));
        POINTER
    }
}

macro_rules! numbers {
    ($($name:ident: $type:ty),*) => {
        $(fn $name(self, _: $type) -> Result<u64, Error> { Ok(NUMBER) })*
    };
}

impl<'h> Serializer for &'h mut Heap {
    type Ok = u64;
    type Error = Error;
    type SerializeSeq = Parts<'h>;
    type SerializeTuple = Parts<'h>;
    type SerializeTupleStruct = Parts<'h>;
    type SerializeTupleVariant = Parts<'h>;
    type SerializeMap = Parts<'h>;
    type SerializeStruct = Parts<'h>;
    type SerializeStructVariant = Parts<'h>;

    numbers!(
        serialize_bool: bool, serialize_char: char,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_i128: i128, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64
    );

    fn serialize_str(self, text: &str) -> Result<u64, Error> {
        Ok(self.text(text.len()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<u64, Error> {
        Ok(self.text(bytes.len()))
    }

    fn serialize_none(self) -> Result<u64, Error> {
        Ok(VARIANT)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<u64, Error> {
        Ok(value.serialize(self)?.saturating_add(NUMBER))
    }

    fn serialize_unit(self) -> Result<u64, Error> {
        Ok(0)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<u64, Error> {
        Ok(0)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<u64, Error> {
        Ok(VARIANT)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<u64, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<u64, Error> {
        Ok(value.serialize(self)?.saturating_add(NUMBER).max(VARIANT))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'h>, Error> {
        Ok(self.parts(true, 0))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'h>, Error> {
        Ok(self.parts(false, 0))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'h>, Error> {
        Ok(self.parts(false, 0))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Parts<'h>, Error> {
        Ok(self.parts(false, VARIANT))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'h>, Error> {
        Ok(self.parts(true, 0))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'h>, Error> {
        Ok(self.parts(false, 0))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Parts<'h>, Error> {
        Ok(self.parts(false, VARIANT))
    }
}

macro_rules! lists {
    ($($trait:ident :: $method:ident),*) => {
        $(impl ser::$trait for Parts<'_> {
            type Ok = u64;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Error> {
                self.add(part)
            }

            fn end(self) -> Result<u64, Error> {
                Ok(self.close())
            }
        })*
    };
}

macro_rules! structs {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Parts<'_> {
            type Ok = u64;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, part: &T) -> Result<(), Error> {
                self.add(part)
            }

            fn end(self) -> Result<u64, Error> {
                Ok(self.close())
            }
        })*
    };
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
structs!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Parts<'_> {
    type Ok = u64;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.add(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.add(value)
    }

    fn end(self) -> Result<u64, Error> {
        Ok(self.close())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// What a list of texts really takes, with the room that it has.
    fn held(texts: &Vec<String>) -> u64 {
        let texts_own: usize = texts.iter().map(String::capacity).sum();
        (size_of::<Vec<String>>() + texts.capacity() * size_of::<String>() + texts_own) as u64
    }

    #[test]
    fn the_parts_of_values_are_counted() {
        assert_eq!(weigh(&1_u8), NUMBER);
        assert_eq!(weigh(&(1_u8, 2_u64)), 2 * NUMBER);
        assert_eq!(weigh(&1_u128), NUMBER);
        assert_eq!(weigh("abc"), POINTER + 3 + ROUNDING);
        assert_eq!(weigh(&vec![1_u8; 8]), POINTER + 16 * NUMBER + ROUNDING);
        assert_eq!(weigh(&BTreeMap::from([(1, 2)])), POINTER + 8 * NUMBER + ROUNDING);
        assert_eq!(weigh(&None::<u8>), VARIANT);
    }

    proptest! {
        #[test]
        fn nothing_weighs_less_than_it_takes(texts in prop::collection::vec(".{0,40}", 0..40)) {
            let mut grown = Vec::new();
            grown.extend(texts.iter().take(1).cloned());
            for text in texts.iter().skip(1) {
                grown.push(text.clone());
            }
            prop_assert!(weigh(&grown) >= held(&grown), "{} {}", weigh(&grown), held(&grown));
        }
    }
}

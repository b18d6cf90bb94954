//! Enums whose variants are words.

/// An enum with one word for each variant: `as_str`, `Display`, and reading through [`super::Scalar`].
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that people write.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::vocabulary::scalar::Scalar for $name {
            fn read(text: &str) -> Result<Self, $crate::vocabulary::scalar::Unread> {
                let found = Self::ALL.iter().find(|variant| variant.as_str() == text);
                let words = || Self::ALL.iter().map(|variant| variant.as_str());
                found.copied().ok_or_else(|| $crate::vocabulary::scalar::Unread::near(text, words()))
            }
        }
    };
}

pub(crate) use words;

//! Reading fields that must not make a whole record unreadable, and reading text without a copy.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// Reads a text and makes a value of it. Refuses anything that is not text.
pub fn text<'de, D, T, E>(
    deserializer: D,
    make: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    struct Text<T, E, F>(F, PhantomData<(T, E)>);

    impl<T, E: fmt::Display, F: FnOnce(&str) -> Result<T, E>> Visitor<'_> for Text<T, E, F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<X: Error>(self, text: &str) -> Result<T, X> {
            (self.0)(text).map_err(X::custom)
        }
    }

    deserializer.deserialize_str(Text(make, PhantomData))
}

/// Any value: text goes through `of_text`, everything else through `of_other`.
struct Any<T, F, G> {
    of_text: F,
    of_other: G,
    made: PhantomData<T>,
}

impl<'de, T, F, G> Visitor<'de> for Any<T, F, G>
where
    F: FnOnce(&str) -> T,
    G: FnOnce(Value) -> T,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok((self.of_text)(text))
    }

    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok((self.of_other)(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok((self.of_other)(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok((self.of_other)(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        Ok((self.of_other)(value.into()))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok((self.of_other)(Value::Null))
    }

    fn visit_none<E>(self) -> Result<T, E> {
        Ok((self.of_other)(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(self.of_other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(self.of_other)
    }
}

/// Reads a timestamp. One that cannot be read counts as absent.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let read = |text: &str| {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| time.to_utc())
    };
    deserializer.deserialize_any(Any {
        of_text: read,
        of_other: |_| None,
        made: PhantomData,
    })
}

/// Writes a timestamp as the API does: RFC 3339, milliseconds, `Z`.
pub fn write_time<S: Serializer>(
    time: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
        .serialize(serializer)
}

/// Reads a reference that is only informative. One that cannot be read counts as absent.
pub fn reference<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: for<'a> Deserialize<'a>,
{
    let Some(raw) = Option::<&'de RawValue>::deserialize(deserializer)? else {
        return Ok(None);
    };
    if let Ok(reference) = serde_json::from_str(raw.get()) {
        return Ok(Some(reference));
    }
    // A record with a duplicate field is read as a plain value, in which the last one counts.
    let value: Value = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
    Ok(serde_json::from_value(value).ok())
}

/// Reads key-value metadata. A value that is not a string is kept as its JSON text, and `null` values are
/// left out.
pub fn metadata<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let map = Option::<Entries>::deserialize(deserializer)?;
    Ok(map.map(|entries| entries.0).unwrap_or_default())
}

struct Entries(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((key, Entry(value))) = map.next_entry::<String, Entry>()? {
            // If a key comes twice, the last value counts.
            match value {
                Some(value) => entries.insert(key, value),
                None => entries.remove(&key),
            };
        }
        Ok(Entries(entries))
    }
}

struct Entry(Option<String>);

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_any(Any {
            of_text: |text: &str| Some(text.to_owned()),
            of_other: |value: Value| (!value.is_null()).then(|| value.to_string()),
            made: PhantomData,
        })?;
        Ok(Self(value))
    }
}

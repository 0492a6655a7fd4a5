/// How the rows of the table of settings are written: one or two lines each.
#pragma once

#include "config/field.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

/// Builds a row; it converts to a `field`.
class row {
public:
  explicit row(field made) : made_(std::move(made)) {}

  row required() && {
    made_.required = true;
    return std::move(*this);
  }
  row secret() && {
    made_.secret = true;
    return std::move(*this);
  }
  row env(const char* name) && {
    made_.env = name;
    return std::move(*this);
  }
  row unit(const char* name) && {
    made_.unit = name;
    return std::move(*this);
  }
  row one_of(std::vector<std::string> choices) && {
    made_.choices = std::move(choices);
    return std::move(*this);
  }

  operator field() const { // NOLINT: a table is a list of both
    return made_;
  }

private:
  field made_;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// The most of an amount of money: exact in millionths.
inline constexpr int64_t most_amount = 1000000000;

/// Makes the rows of one section: `http.number<&s::port>("port", 0, 65535,
/// "Port of the API; 0 takes a free one.").env("PORT")`. Bounds are in
/// milliseconds or bytes.
template <auto Section>
struct rows_of {
  const char* section;

  template <auto Member>
  row text(const char* key, const char* reason) const {
    return make<Member>(field_type::text, key, reason);
  }
  template <auto Member>
  row flag(const char* key, const char* reason) const {
    return make<Member>(field_type::boolean, key, reason);
  }
  template <auto Member>
  row list(const char* key, const char* reason) const {
    return make<Member>(field_type::list, key, reason);
  }
  template <auto Member>
  row number(const char* key, int64_t least, int64_t most,
             const char* reason) const {
    return make<Member>(field_type::number, key, reason, least, most);
  }
  template <auto Member>
  row size(const char* key, int64_t least, int64_t most,
           const char* reason) const {
    return make<Member>(field_type::size, key, reason, least, most);
  }
  template <auto Member>
  row amount(const char* key, const char* reason,
             int64_t most = most_amount) const {
    return make<Member>(field_type::amount, key, reason, 0, most);
  }
  template <auto Member>
  row duration(const char* key, int64_t least, int64_t most,
               const char* reason) const {
    return make<Member>(field_type::duration, key, reason, least, most);
  }

private:
  template <class Class, class Value>
  static Value value_of(Value Class::*);

  template <auto Member>
  row make(field_type type, const char* key, const char* reason,
           int64_t least = field{}.least, int64_t most = field{}.most) const {
    return row{{.section = section,
                .key = key,
                .type = type,
                .at = at<Section, Member>,
                .least = least,
                .most = most,
                .takes_auto = is_optional<decltype(value_of(Member))>,
                .reason = reason}};
  }
};

/// A row for a number of job starts per window of time.
inline row rate(const char* section, const char* key, place (*at)(settings&),
                const char* reason) {
  return row{{.section = section,
              .key = key,
              .type = field_type::rate,
              .at = at,
              .least = 1,
              .most = 1000000,
              .reason = reason}};
}

} // namespace darkroom

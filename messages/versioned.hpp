/// How messages travel between nodes of different versions: each struct as a
/// frame of its fields, with the rules of `protocol.hpp`.
#pragma once

#include "messages/frame.hpp"

#include <caf/meta/type_name.hpp>

#include <type_traits>

namespace darkroom {

namespace frames {

/// Whether later fields stand behind older ones.
template <class... Fields>
constexpr bool are_in_order() {
  uint32_t newest = 0;
  auto is_next = [&newest](uint32_t version) {
    auto out = version >= newest;
    newest = version;
    return out;
  };
  return (is_next(version_of<Fields>) && ...);
}

template <class T>
const T& shown(const T& field) {
  return field;
}

template <uint32_t Version, class T>
const T& shown(const later_field<Version, T>& field) {
  return field.value;
}

} // namespace frames

/// Marks a field that came with this version of the protocol. A program that
/// speaks an older one neither writes nor reads it.
template <uint32_t Version, class T>
frames::later_field<Version, T> since(T& field) {
  static_assert(Version > oldest_protocol,
                "every node knows this field: write it without since");
  static_assert(Version <= newest_protocol,
                "no node would send this field: raise newest_protocol");
  return {field};
}

/// The body of every `inspect`: writes, reads or prints `x`.
/// @param name of the type, for printing
/// @param fields all of `x`, in the order in which they travel
/// @returns an error if the bytes end before the frame does, or the frame ends
///   inside a field. If it ends between two, the others have their defaults
template <class Inspector, class T, class... Fields>
typename Inspector::result_type
versioned(Inspector& f, const char* name, T& x, Fields&&... fields) {
  static_assert(frames::are_in_order<std::decay_t<Fields>...>(),
                "new fields come last");
  if constexpr (std::is_base_of_v<caf::serializer, Inspector>)
    return frames::write_frame(f, fields...);
  else if constexpr (std::is_base_of_v<caf::deserializer, Inspector>)
    return frames::read_frame(f, x, fields...);
  else
    return f(caf::meta::type_name(name), frames::shown(fields)...);
}

} // namespace darkroom

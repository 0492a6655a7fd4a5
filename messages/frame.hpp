/// Frames, of which `versioned.hpp` makes messages.
///
///     frame = length fields      length: bytes of the fields, uint32
#pragma once

#include "messages/protocol.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/error.hpp>
#include <caf/serializer.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace darkroom::frames {

/// A field that nodes of `oldest_protocol` do not know: see `since`.
template <uint32_t Version, class T>
struct later_field {
  T& value;
};

/// The version of the protocol that brought a field; 0: every node knows it.
template <class Field>
inline constexpr uint32_t version_of = 0;
template <uint32_t Version, class T>
inline constexpr uint32_t version_of<later_field<Version, T>> = Version;

/// Leaves room for a frame's length.
/// @param start becomes the position of the first field
caf::error open_frame(caf::serializer& sink, size_t& start);

/// Writes the frame's length, once its fields are written.
caf::error close_frame(caf::serializer& sink, size_t start);

/// Takes the next frame off `source`; `frame` then reads its fields.
/// @returns an error if there are fewer bytes than its length tells
caf::error take_frame(caf::deserializer& source,
                      caf::binary_deserializer& frame);

template <class T>
caf::error write_field(caf::serializer& sink, T& field) {
  return sink(field);
}

template <uint32_t Version, class T>
caf::error write_field(caf::serializer& sink, later_field<Version, T>& field) {
  return Version <= protocol_version() ? sink(field.value) : caf::error{};
}

template <class T>
caf::error read_field(caf::binary_deserializer& frame, T& field) {
  return frame(field);
}

/// CAF would make room for as many bytes as it is told before it looks whether
/// they are there.
caf::error read_field(caf::binary_deserializer& frame,
                      std::vector<uint8_t>& field);

template <uint32_t Version, class T>
caf::error
read_field(caf::binary_deserializer& frame, later_field<Version, T>& field) {
  return Version <= protocol_version() ? read_field(frame, field.value)
                                       : caf::error{};
}

template <class... Fields>
caf::error write_frame(caf::serializer& sink, Fields&... fields) {
  size_t start = 0;
  auto why = open_frame(sink, start);
  auto is_written = [&](auto& x) {
    return !(why = write_field(sink, x));
  };
  if (!why && (is_written(fields) && ...))
    return close_frame(sink, start);
  return why;
}

/// @param x the struct that has the fields
template <class T, class... Fields>
caf::error read_frame(caf::deserializer& source, T& x, Fields&... fields) {
  caf::binary_deserializer frame{source.context(), nullptr, 0};
  auto why = take_frame(source, frame);
  if (why)
    return why;
  x = T{}; // a field that an older node does not write has its default
  auto is_read = [&](auto& field) {
    return frame.remaining() > 0 && !(why = read_field(frame, field));
  };
  static_cast<void>((is_read(fields) && ...));
  return why;
}

} // namespace darkroom::frames

#include "messages/frame.hpp"

#include <caf/binary_serializer.hpp>
#include <caf/sec.hpp>

#include <limits>
#include <typeinfo>

namespace darkroom::frames {

namespace {

constexpr size_t length_bytes = sizeof(uint32_t);

/// Null if it is no binary one; nodes use no other. Cheaper than a
/// `dynamic_cast`, and as good, because these classes are final.
template <class Binary, class Base>
Binary* as_binary(Base& x) {
  return typeid(x) == typeid(Binary) ? static_cast<Binary*>(&x) : nullptr;
}

} // namespace

caf::error open_frame(caf::serializer& sink, size_t& start) {
  auto* out = as_binary<caf::binary_serializer>(sink);
  if (out == nullptr)
    return caf::sec::invalid_argument;
  out->skip(length_bytes);
  start = out->write_pos();
  return {};
}

caf::error close_frame(caf::serializer& sink, size_t start) {
  auto& out = static_cast<caf::binary_serializer&>(sink);
  auto end = out.write_pos();
  if (end - start > std::numeric_limits<uint32_t>::max())
    return caf::sec::invalid_argument;
  auto length = static_cast<uint32_t>(end - start);
  out.seek(start - length_bytes);
  auto why = out.apply(length);
  out.seek(end);
  return why;
}

caf::error take_frame(caf::deserializer& source,
                      caf::binary_deserializer& frame) {
  auto* in = as_binary<caf::binary_deserializer>(source);
  if (in == nullptr)
    return caf::sec::invalid_argument;
  uint32_t length = 0;
  if (auto why = in->apply(length))
    return why;
  if (length > in->remaining())
    return caf::sec::end_of_stream;
  frame.reset(caf::make_span(in->remainder().data(), length));
  in->skip(length);
  return {};
}

caf::error read_field(caf::binary_deserializer& frame,
                      std::vector<uint8_t>& field) {
  size_t size = 0;
  if (auto why = frame.begin_sequence(size))
    return why;
  if (size > frame.remaining())
    return caf::sec::end_of_stream;
  field.resize(size);
  return size > 0 ? frame.apply_raw(size, field.data()) : caf::error{};
}

} // namespace darkroom::frames

#include "services/codec/codec_wire.hpp"

#include "services/codec/strict_json.hpp"
#include "services/json/json.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 8> operation_names{
  "open", "analyse", "decode", "encode", "close", "crash", "hang", "walls"};

uint32_t number_at(const std::string& bytes, size_t at) {
  uint32_t number = 0;
  for (size_t i = 4; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

error no_frame(const std::string& why) {
  return fail(ec::protocol, "codec frame is malformed: " + why);
}

// Names and EXIF texts may contain any byte, so invalid UTF-8 is replaced.
std::string to_text(const json& head) {
  return write_json(head);
}

// Cuts the longer texts of a picture, as the head must stay below its limit.
std::string cut(const std::string& text) {
  return text.substr(0, max_text_bytes);
}

json to_json(const picture_facts& x) {
  return {{"format", x.format},
          {"fileSize", x.file_size},
          {"width", x.width},
          {"height", x.height},
          {"orientation", x.orientation},
          {"frames", x.frames},
          {"hasAlpha", x.has_alpha},
          {"iccProfile", cut(x.icc_profile)},
          {"cameraMake", cut(x.camera_make)},
          {"cameraModel", cut(x.camera_model)},
          {"takenAt", cut(x.taken_at)}};
}

picture_facts to_facts(const json& x) {
  picture_facts facts;
  facts.format
    = one_of({"", "jpeg", "png", "webp", "gif", "avif", "tiff", "heic", "jxl"},
             x.at("format"));
  facts.file_size = number<uint64_t>(x, "fileSize");
  facts.width = number<uint32_t>(x, "width");
  facts.height = number<uint32_t>(x, "height");
  facts.orientation = number<uint32_t>(x, "orientation");
  facts.frames = number<uint32_t>(x, "frames");
  x.at("hasAlpha").get_to(facts.has_alpha);
  facts.icc_profile = text(x.at("iccProfile"));
  facts.camera_make = text(x.at("cameraMake"));
  facts.camera_model = text(x.at("cameraModel"));
  facts.taken_at = text(x.at("takenAt"));
  return facts;
}

// Cuts a body into the parts that its head lists.
class body_reader {
public:
  explicit body_reader(std::string_view body) : rest_(body) {}

  std::string_view take(uint64_t n) {
    if (n > rest_.size())
      throw std::out_of_range("a part is longer than the body");
    auto part = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return part;
  }

  bool at_end() const {
    return rest_.empty();
  }

private:
  std::string_view rest_;
};

raw_picture take_pixels(body_reader& body, const json& x) {
  raw_picture picture;
  picture.width = number<uint32_t>(x, "width");
  picture.height = number<uint32_t>(x, "height");
  auto bytes = body.take(number<uint64_t>(x, "bytes"));
  // Two steps, because width x height x 3 may be above 2^64.
  auto pixels = uint64_t{picture.width} * picture.height;
  if (bytes.size() % 3 != 0 || bytes.size() / 3 != pixels)
    throw std::out_of_range("a raw picture needs width x height x 3 bytes");
  picture.pixels.assign(bytes.begin(), bytes.end());
  return picture;
}

encoded_file take_file(body_reader& body, const json& x) {
  encoded_file file;
  file.width = number<uint32_t>(x, "width");
  file.height = number<uint32_t>(x, "height");
  file.bytes = body.take(number<uint64_t>(x, "bytes"));
  return file;
}

// The codes that a picture may cause. Any other code would settle the job as if
// its lease had been lost, or a provider or an operator had ended it.
ec picture_code(uint32_t code) {
  for (auto known :
       {ec::none, ec::bad_input, ec::too_large, ec::internal, ec::cut_off})
    if (code == static_cast<uint32_t>(known))
      return known;
  throw std::out_of_range("error code " + std::to_string(code)
                          + " must not come from the codec");
}

codec_response to_response(const json& head, std::string_view bytes) {
  codec_response response;
  response.problem.code = picture_code(number<uint32_t>(head, "code"));
  response.problem.context = text(head.at("context"));
  response.number = number<uint32_t>(head, "number");
  response.facts = to_facts(head.at("facts"));
  response.memory_bytes = number<uint64_t>(head, "memoryBytes");
  body_reader body{bytes};
  response.small = take_pixels(body, head.at("small"));
  response.vision_jpeg = body.take(number<uint64_t>(head, "visionBytes"));
  response.file = take_file(body, head.at("file"));
  response.sandbox.held = texts(head.at("walls"));
  response.sandbox.missing = texts(head.at("noWalls"));
  response.libraries = text(head.at("libraries"));
  if (!body.at_end())
    throw std::out_of_range("the body is longer than its parts");
  return response;
}

encode_order to_order(const json& x) {
  encode_order order;
  order.number = number<uint32_t>(x, "number");
  order.width = number<uint32_t>(x, "width");
  order.height = number<uint32_t>(x, "height");
  order.quality = number<uint32_t>(x, "quality");
  order.effort = number<uint32_t>(x, "effort");
  order.threads = number<uint32_t>(x, "threads");
  auto format = to_picture_format(text(x.at("format")));
  if (!format)
    throw std::out_of_range("unknown format");
  order.format = *format;
  order.fit = one_of({"inside", "cover"}, x.at("fit")) == "cover"
                ? picture_fit::cover
                : picture_fit::inside;
  order.tune = one_of({"iq", "ssim", "psnr"}, x.at("tune"));
  return order;
}

codec_request to_request(const json& head) {
  codec_request request;
  auto name = text(head.at("operation"));
  auto found = std::find(operation_names.begin(), operation_names.end(), name);
  if (found == operation_names.end())
    throw std::out_of_range("unknown operation");
  request.operation
    = static_cast<codec_operation>(found - operation_names.begin());
  request.time = std::chrono::milliseconds{number<uint32_t>(head, "timeMs")};
  auto& to = request.settings;
  to.max_bytes = number<uint64_t>(head, "maxBytes");
  to.max_pixels = number<uint64_t>(head, "maxPixels");
  to.formats = texts(head.at("formats"));
  to.strictness = text(head.at("strictness"));
  to.vision_edge = number<uint32_t>(head, "visionEdge");
  to.analysis_edge = number<uint32_t>(head, "analysisEdge");
  request.order = to_order(head.at("order"));
  return request;
}

} // namespace

const char* to_string(codec_operation operation) {
  return operation_names[static_cast<size_t>(operation)].data();
}

std::string pack_prefix(uint32_t head_size, uint32_t body_size) {
  std::string bytes;
  for (auto size : {head_size, body_size})
    for (int shift = 0; shift < 32; shift += 8)
      bytes += static_cast<char>(size >> shift & 255);
  return bytes;
}

result<frame_sizes> unpack_prefix(const std::string& bytes, uint32_t max_body) {
  if (bytes.size() != frame_prefix_bytes)
    return no_frame("its prefix is cut off");
  frame_sizes sizes{number_at(bytes, 0), number_at(bytes, 4)};
  if (sizes.head > max_head_bytes)
    return no_frame("its head of " + std::to_string(sizes.head)
                    + " bytes is above " + std::to_string(max_head_bytes));
  if (sizes.body > max_body)
    return no_frame("its body of " + std::to_string(sizes.body)
                    + " bytes is above " + std::to_string(max_body));
  return sizes;
}

std::string pack_head(const codec_request& request) {
  auto& from = request.settings;
  auto& order = request.order;
  return to_text({{"operation", to_string(request.operation)},
                  {"timeMs", request.time.count()},
                  {"maxBytes", from.max_bytes},
                  {"maxPixels", from.max_pixels},
                  {"formats", from.formats},
                  {"strictness", from.strictness},
                  {"visionEdge", from.vision_edge},
                  {"analysisEdge", from.analysis_edge},
                  {"order",
                   {{"number", order.number},
                    {"width", order.width},
                    {"height", order.height},
                    {"fit", to_string(order.fit)},
                    {"format", to_string(order.format)},
                    {"tune", order.tune},
                    {"quality", order.quality},
                    {"effort", order.effort},
                    {"threads", order.threads}}}});
}

result<codec_request> unpack_request(frame from) {
  try {
    auto head = parse_json(from.head);
    if (!head)
      return no_frame(head.error().context);
    auto request = to_request(*head);
    request.picture = std::move(from.body);
    return request;
  } catch (const std::exception& e) {
    return no_frame(e.what());
  }
}

frame pack(const codec_response& response) {
  frame to;
  auto& small = response.small;
  to.body.assign(small.pixels.begin(), small.pixels.end());
  to.body += response.vision_jpeg;
  to.body += response.file.bytes;
  to.head = to_text({{"code", static_cast<uint32_t>(response.problem.code)},
                     {"context", cut(response.problem.context)},
                     {"number", response.number},
                     {"facts", to_json(response.facts)},
                     {"memoryBytes", response.memory_bytes},
                     {"small",
                      {{"width", small.width},
                       {"height", small.height},
                       {"bytes", small.pixels.size()}}},
                     {"visionBytes", response.vision_jpeg.size()},
                     {"file",
                      {{"width", response.file.width},
                       {"height", response.file.height},
                       {"bytes", response.file.bytes.size()}}},
                     {"walls", response.sandbox.held},
                     {"noWalls", response.sandbox.missing},
                     {"libraries", cut(response.libraries)}});
  return to;
}

result<codec_response> unpack_response(const frame& from) {
  try {
    auto head = parse_json(from.head);
    if (!head)
      return no_frame(head.error().context);
    return to_response(*head, from.body);
  } catch (const std::exception& e) {
    return no_frame(e.what());
  }
}

} // namespace darkroom

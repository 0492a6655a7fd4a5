#include "services/codec/codec_wire.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <string_view>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr std::array operation_names{"inspect", "analyse", "variants", "crash",
                                     "hang"};

uint32_t number_at(const std::string& bytes, size_t at) {
  uint32_t number = 0;
  for (size_t i = 4; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

error no_frame(const std::string& why) {
  return fail(ec::protocol, "codec frame is malformed: " + why);
}

// Names and EXIF texts may hold any byte: what is not UTF-8 is replaced.
std::string to_text(const json& head) {
  return head.dump(-1, ' ', false, json::error_handler_t::replace);
}

json to_json(const picture_facts& x) {
  return {{"format", x.format},
          {"fileSize", x.file_size},
          {"width", x.width},
          {"height", x.height},
          {"orientation", x.orientation},
          {"frames", x.frames},
          {"hasAlpha", x.has_alpha},
          {"iccProfile", x.icc_profile},
          {"cameraMake", x.camera_make},
          {"cameraModel", x.camera_model},
          {"takenAt", x.taken_at}};
}

picture_facts to_facts(const json& x) {
  picture_facts facts;
  x.at("format").get_to(facts.format);
  x.at("fileSize").get_to(facts.file_size);
  x.at("width").get_to(facts.width);
  x.at("height").get_to(facts.height);
  x.at("orientation").get_to(facts.orientation);
  x.at("frames").get_to(facts.frames);
  x.at("hasAlpha").get_to(facts.has_alpha);
  x.at("iccProfile").get_to(facts.icc_profile);
  x.at("cameraMake").get_to(facts.camera_make);
  x.at("cameraModel").get_to(facts.camera_model);
  x.at("takenAt").get_to(facts.taken_at);
  return facts;
}

// Cuts a body into the parts that its head lists.
class body_reader {
public:
  explicit body_reader(std::string_view body) : rest_(body) {}

  std::string_view take(const json& size) {
    auto n = size.get<uint64_t>();
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
  x.at("width").get_to(picture.width);
  x.at("height").get_to(picture.height);
  auto bytes = body.take(x.at("bytes"));
  if (bytes.size() != uint64_t{picture.width} * picture.height * 3)
    throw std::out_of_range("a raw picture has not width x height x 3 bytes");
  picture.pixels.assign(bytes.begin(), bytes.end());
  return picture;
}

encoded_variant take_variant(body_reader& body, const json& x) {
  encoded_variant variant;
  x.at("type").get_to(variant.variant_type);
  x.at("format").get_to(variant.format);
  x.at("width").get_to(variant.width);
  x.at("height").get_to(variant.height);
  variant.bytes = body.take(x.at("bytes"));
  return variant;
}

codec_response to_response(const json& head, std::string_view bytes) {
  codec_response response;
  auto code = head.at("code").get<uint32_t>();
  if (code > static_cast<uint32_t>(ec::cut_off))
    throw std::out_of_range("unknown error code " + std::to_string(code));
  response.problem.code = static_cast<ec>(code);
  head.at("context").get_to(response.problem.context);
  response.facts = to_facts(head.at("facts"));
  body_reader body{bytes};
  response.small = take_pixels(body, head.at("small"));
  response.vision_jpeg = body.take(head.at("visionBytes"));
  for (auto& variant : head.at("variants"))
    response.variants.push_back(take_variant(body, variant));
  if (!body.at_end())
    throw std::out_of_range("the body is longer than its parts");
  return response;
}

codec_request to_request(const json& head) {
  codec_request request;
  auto name = head.at("operation").get<std::string>();
  size_t i = 0;
  while (i < operation_names.size() && name != operation_names[i])
    ++i;
  if (i == operation_names.size())
    throw std::out_of_range("unknown operation '" + name + "'");
  request.operation = static_cast<codec_operation>(i);
  request.time = std::chrono::milliseconds{head.at("timeMs").get<int64_t>()};
  auto& to = request.settings;
  head.at("maxBytes").get_to(to.max_bytes);
  head.at("maxPixels").get_to(to.max_pixels);
  head.at("strictness").get_to(to.strictness);
  head.at("webpQuality").get_to(to.webp_quality);
  head.at("webpEffort").get_to(to.webp_effort);
  head.at("avifQuality").get_to(to.avif_quality);
  head.at("avifEffort").get_to(to.avif_effort);
  head.at("visionEdge").get_to(to.vision_edge);
  head.at("analysisEdge").get_to(to.analysis_edge);
  return request;
}

} // namespace

const char* to_string(codec_operation operation) {
  return operation_names[static_cast<size_t>(operation)];
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
  return to_text({{"operation", to_string(request.operation)},
                  {"timeMs", request.time.count()},
                  {"maxBytes", from.max_bytes},
                  {"maxPixels", from.max_pixels},
                  {"strictness", from.strictness},
                  {"webpQuality", from.webp_quality},
                  {"webpEffort", from.webp_effort},
                  {"avifQuality", from.avif_quality},
                  {"avifEffort", from.avif_effort},
                  {"visionEdge", from.vision_edge},
                  {"analysisEdge", from.analysis_edge}});
}

result<codec_request> unpack_request(frame from) {
  try {
    auto request = to_request(json::parse(from.head));
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
  auto variants = json::array();
  for (auto& x : response.variants) {
    variants.push_back({{"type", x.variant_type},
                        {"format", x.format},
                        {"width", x.width},
                        {"height", x.height},
                        {"bytes", x.bytes.size()}});
    to.body += x.bytes;
  }
  to.head = to_text({{"code", static_cast<uint32_t>(response.problem.code)},
                     {"context", response.problem.context},
                     {"facts", to_json(response.facts)},
                     {"small",
                      {{"width", small.width},
                       {"height", small.height},
                       {"bytes", small.pixels.size()}}},
                     {"visionBytes", response.vision_jpeg.size()},
                     {"variants", std::move(variants)}});
  return to;
}

result<codec_response> unpack_response(const frame& from) {
  try {
    return to_response(json::parse(from.head), from.body);
  } catch (const std::exception& e) {
    return no_frame(e.what());
  }
}

} // namespace darkroom

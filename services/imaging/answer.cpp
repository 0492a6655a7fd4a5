#include "services/imaging/answer.hpp"

#include "services/imaging/encode.hpp"
#include "services/imaging/ends_early.hpp"
#include "services/imaging/jpeg_mend.hpp"
#include "services/imaging/load.hpp"

#include <algorithm>
#include <csignal>

namespace darkroom {

namespace {

struct readable {
  std::string_view bytes;
  const picture_header& header;
};

struct variant_size {
  const char* type;
  uint32_t width; // pixels
};

// The largest comes first: the smaller ones are made from it.
constexpr variant_size variant_sizes[]
  = {{"lg", 1920}, {"md", 1024}, {"sm", 640}};

status add_encoded(std::vector<encoded_variant>& to, const char* type,
                   const image& from, const imaging_settings& how) {
  auto webp = encode_webp(from, how);
  if (!webp)
    return std::move(webp.error());
  auto avif = encode_avif(from, how);
  if (!avif)
    return std::move(avif.error());
  to.push_back(
    {type, "webp", width_of(from), height_of(from), std::move(*webp)});
  to.push_back(
    {type, "avif", width_of(from), height_of(from), std::move(*avif)});
  return ok;
}

// Adds the last two files again, under another name.
void add_same(std::vector<encoded_variant>& to, const char* type) {
  for (auto same : {to[to.size() - 2], to[to.size() - 1]}) {
    same.variant_type = type;
    to.push_back(std::move(same));
  }
}

// Makes six files from one decode. A picture narrower than some of the widths
// keeps its own width; it is encoded once for all of them.
status make_variants(const codec_request& request, const readable& picture,
                     codec_response& to) {
  auto full = load_shrunk(picture.bytes, picture.header,
                          {variant_sizes[0].width, max_encoded_edge},
                          request.settings);
  if (!full)
    return std::move(full.error());
  for (auto [type, width] : variant_sizes) {
    auto is_small = width_of(*full) <= width;
    if (is_small && !to.variants.empty()) {
      add_same(to.variants, type);
      continue;
    }
    auto small = is_small ? result<image>{image{}}
                          : shrink(*full, {width, max_encoded_edge});
    if (!small)
      return std::move(small.error());
    auto added = add_encoded(to.variants, type, is_small ? *full : *small,
                             request.settings);
    if (!added)
      return added;
  }
  return ok;
}

// Makes both pictures from one decode.
status make_analysis(const codec_request& request, const readable& picture,
                     codec_response& to) {
  auto& how = request.settings;
  auto edge = std::max(how.vision_edge, how.analysis_edge);
  auto full = load_shrunk(picture.bytes, picture.header, {edge, edge}, how);
  if (!full)
    return std::move(full.error());
  auto seen = shrink(*full, {how.vision_edge, how.vision_edge});
  if (!seen)
    return std::move(seen.error());
  auto jpeg = encode_jpeg(*seen);
  if (!jpeg)
    return std::move(jpeg.error());
  auto small = shrink(*full, {how.analysis_edge, how.analysis_edge});
  if (!small)
    return std::move(small.error());
  auto pixels = raw_rgb(*small);
  if (!pixels)
    return std::move(pixels.error());
  to.vision_jpeg = std::move(*jpeg);
  to.small = std::move(*pixels);
  return ok;
}

status work(const codec_request& request, codec_response& to) {
  auto& how = request.settings;
  std::string mended;
  if (how.strictness != "strict" && is_jpeg(request.picture))
    mended = look_at_jpeg(request.picture).mended;
  std::string_view bytes = mended.empty() ? request.picture : mended;
  auto header = read_header(bytes, how);
  if (!header)
    return std::move(header.error());
  to.facts = header->facts;
  to.facts.file_size = request.picture.size();
  switch (request.operation) {
    case codec_operation::analyse:
      return make_analysis(request, {bytes, *header}, to);
    case codec_operation::variants:
      return make_variants(request, {bytes, *header}, to);
    default:
      return ok;
  }
}

// A picture that ends early may still be uploading.
error judge(error why, std::string_view picture) {
  if (why.code != ec::bad_input || !ends_early(picture))
    return why;
  return fail(ec::cut_off,
              why.context + "; the file is cut off after "
                + std::to_string(picture.size())
                + " bytes: if its upload has ended, upload it again");
}

[[noreturn]] void crash() {
  std::signal(SIGSEGV, SIG_DFL); // sanitizers handle it otherwise
  std::raise(SIGSEGV);
  std::abort();
}

[[noreturn]] void hang() {
  for (volatile uint64_t i = 0;;)
    i = i + 1;
}

} // namespace

codec_response answer(const codec_request& request) {
  if (request.operation == codec_operation::crash)
    crash();
  if (request.operation == codec_operation::hang)
    hang();
  codec_response response;
  if (auto done = work(request, response); !done) {
    response = {};
    response.problem = judge(std::move(done.error()), request.picture);
  }
  return response;
}

} // namespace darkroom

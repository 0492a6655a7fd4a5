#include "services/imaging/workbench.hpp"

#include "services/imaging/encode.hpp"
#include "services/imaging/ends_early.hpp"
#include "services/imaging/jpeg_mend.hpp"
#include "services/imaging/libraries.hpp"
#include "services/imaging/load.hpp"
#include "services/imaging/sizes.hpp"
#include "services/storage/picture_type.hpp"

#include <malloc.h>

#include <algorithm>
#include <csignal>
#include <new>
#include <system_error>
#include <utility>

namespace darkroom {

namespace {

// The longest beginning that any picture needs to be told: a HEIF container's
// list of brands.
constexpr size_t picture_type_bytes = 64;

[[noreturn]] void crash() {
  std::signal(SIGSEGV, SIG_DFL); // sanitizers handle it otherwise
  std::raise(SIGSEGV);
  std::abort();
}

[[noreturn]] void hang() {
  for (volatile uint64_t i = 0;;)
    i = i + 1;
}

error not_opened() {
  return fail(ec::internal, "codec was asked to read without an open picture");
}

error not_decoded() {
  return fail(ec::internal, "codec was asked to encode before it decoded");
}

codec_response make_file(sizes& from, const encode_order& order) {
  codec_response response;
  response.number = order.number;
  auto sized = from.in({order.width, order.height}, order.fit);
  auto made = sized ? encode(**sized, order)
                    : result<std::string>{std::move(sized.error())};
  if (made)
    response.file = {width_of(**sized), height_of(**sized), std::move(*made)};
  else
    response.problem = std::move(made.error());
  return response;
}

codec_response make_file_or_fail(sizes& from, const encode_order& order) {
  try {
    return make_file(from, order);
  } catch (const std::bad_alloc&) {
    codec_response response;
    response.number = order.number;
    response.problem = fail(ec::too_large, "memory is too short to encode it");
    return response;
  }
}

} // namespace

// Refuses what would take a decoder long, before any decoder sees it.
status workbench::picture::read() {
  if (is_jpeg(bytes)) {
    auto found = look_at_jpeg(bytes);
    if (found.scans > max_jpeg_scans)
      return fail(ec::too_large, "the JPEG has more than "
                                   + std::to_string(max_jpeg_scans) + " scans");
    if (settings.strictness != "strict")
      mended = std::move(found.mended);
  }
  auto got = read_header(readable(), settings);
  if (!got)
    return std::move(got.error());
  header = std::move(*got);
  return ok;
}

// A picture that ends early may still be uploading. What its beginning shows to
// be of a kind that is not read will not be read later.
error workbench::picture::judge(error why) const {
  auto is_known = bytes.size() >= picture_type_bytes;
  auto is_hopeless
    = is_known && !is_read(find_picture_type(readable()), settings.formats);
  if (why.code != ec::bad_input || is_hopeless || !ends_early(bytes))
    return why;
  return fail(ec::cut_off,
              why.context + "; the file is cut off after "
                + std::to_string(bytes.size())
                + " bytes: if its upload has ended, upload it again");
}

workbench::workbench(std::function<void(const codec_response&)> answer)
  : answer_(std::move(answer)) {}

workbench::~workbench() {
  close();
}

void workbench::serve(codec_request request) {
  codec_response response;
  response.number = request.order.number;
  status done = ok;
  switch (request.operation) {
    case codec_operation::open:
      done = open(request, response);
      break;
    case codec_operation::analyse:
      done = analyse(response);
      break;
    case codec_operation::decode:
      done = decode(request.order, response);
      break;
    case codec_operation::encode:
      return encode(request.order);
    case codec_operation::close:
      return close();
    case codec_operation::crash:
      crash();
    case codec_operation::hang:
      hang();
    case codec_operation::walls:
      break;
  }
  if (!done) {
    response = {};
    response.problem = std::move(done.error());
  }
  answer_(response);
}

status workbench::open(codec_request& request, codec_response& to) {
  close();
  picture it;
  it.settings = request.settings;
  it.bytes = std::move(request.picture);
  if (auto read = it.read(); !read)
    return it.judge(std::move(read.error()));
  to.facts = it.header.facts;
  to.facts.file_size = it.bytes.size();
  to.memory_bytes = it.header.memory_bytes;
  to.libraries = library_versions();
  open_ = std::move(it);
  return ok;
}

// Makes both pictures from one decode.
status workbench::analyse(codec_response& to) {
  if (!open_)
    return not_opened();
  auto& how = open_->settings;
  auto edge = std::max(how.vision_edge, how.analysis_edge);
  auto full = load_shrunk(open_->readable(), open_->header, {edge, edge}, how);
  if (!full)
    return open_->judge(std::move(full.error()));
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

status workbench::decode(const encode_order& order, codec_response& to) {
  if (!open_)
    return not_opened();
  auto full = load_shrunk(open_->readable(), open_->header,
                          {order.width, order.height}, open_->settings);
  if (!full)
    return open_->judge(std::move(full.error()));
  auto tiny = shrink(*full, {marks_edge, marks_edge});
  if (!tiny)
    return std::move(tiny.error());
  auto pixels = raw_rgb(*tiny);
  if (!pixels)
    return std::move(pixels.error());
  to.small = std::move(*pixels);
  decoded_ = std::make_shared<sizes>(std::move(*full));
  open_.reset();
  return ok;
}

void workbench::encode(const encode_order& order) {
  if (!decoded_) {
    codec_response response;
    response.number = order.number;
    response.problem = not_decoded();
    return answer_(response);
  }
  auto work = [this, from = decoded_, order] {
    answer_(make_file_or_fail(*from, order));
    vips_thread_shutdown();
  };
  try {
    encodes_.emplace_back(work);
  } catch (const std::system_error&) { // the system gives no more threads
    work();
  }
}

void workbench::close() {
  for (auto& x : encodes_)
    x.join();
  encodes_.clear();
  decoded_.reset();
  open_.reset();
  // glibc would keep the pixels (398 MB after 15 pictures instead of 139).
  // Asking it to return each block at once costs 3 % more CPU.
  malloc_trim(0);
}

} // namespace darkroom

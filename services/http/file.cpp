#include "services/http/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <optional>

namespace darkroom {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types{{
  {".avif", "image/avif"},
  {".webp", "image/webp"},
  {".jpg", "image/jpeg"},
  {".jpeg", "image/jpeg"},
  {".png", "image/png"},
  {".gif", "image/gif"},
  {".tif", "image/tiff"},
  {".tiff", "image/tiff"},
  {".heic", "image/heic"},
  {".jxl", "image/jxl"},
  {".bmp", "image/bmp"},
  {".svg", "image/svg+xml"},
  {".json", "application/json"},
  {".txt", "text/plain; charset=utf-8"},
}};

std::string http_date(time_t when) {
  tm parts{};
  gmtime_r(&when, &parts);
  std::array<char, 40> text{};
  strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

/// Changes whenever the content may have changed: time in ns, size, inode.
std::string etag_of(const struct stat& about) {
  auto nanoseconds = static_cast<uint64_t>(about.st_mtim.tv_sec) * 1000000000u
                     + static_cast<uint64_t>(about.st_mtim.tv_nsec);
  return '"' + std::to_string(nanoseconds) + '-' + std::to_string(about.st_size)
         + '-' + std::to_string(about.st_ino) + '"';
}

struct byte_range {
  uint64_t first = 0;
  uint64_t last = 0; ///< inclusive; if < first, the range is impossible
};

/// Reads "bytes=0-9", "bytes=5-" or "bytes=-3". Empty for all other texts,
/// several ranges included; the whole file is a correct answer to those.
std::optional<byte_range> parse_range(std::string_view text, uint64_t size) {
  if (!text.starts_with("bytes=") || text.find(',') != text.npos)
    return std::nullopt;
  text.remove_prefix(6);
  auto dash = text.find('-');
  if (dash == text.npos)
    return std::nullopt;
  auto number = [](std::string_view digits) -> std::optional<uint64_t> {
    uint64_t value = 0;
    auto end = digits.data() + digits.size();
    auto [stop, failed] = std::from_chars(digits.data(), end, value);
    return failed == std::errc{} && stop == end ? std::optional{value}
                                                : std::nullopt;
  };
  auto first = number(text.substr(0, dash));
  auto last = number(text.substr(dash + 1));
  if (dash == 0) {
    if (!last)
      return std::nullopt;
    return *last == 0 || size == 0
             ? byte_range{1, 0}
             : byte_range{size - std::min(*last, size), size - 1};
  }
  if (!first || (!last && dash + 1 != text.size()) || (last && *last < *first))
    return std::nullopt;
  if (*first >= size)
    return byte_range{1, 0};
  return byte_range{*first, std::min(last.value_or(size - 1), size - 1)};
}

http_response no_such_file() {
  return error_response(404, "not_found", "this file does not exist",
                        "list what exists with GET /api/images");
}

} // namespace

file_reader::file_reader(file_reader&& other) noexcept {
  *this = std::move(other);
}

file_reader& file_reader::operator=(file_reader&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(offset_, other.offset_);
  std::swap(left_, other.left_);
  return *this;
}

file_reader::~file_reader() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

void file_reader::seek(uint64_t offset, uint64_t bytes) {
  offset_ = offset;
  left_ = bytes;
}

std::string file_reader::read(size_t most) {
  std::string out(std::min<uint64_t>(most, left_), '\0');
  auto got = ::pread(descriptor_, out.data(), out.size(),
                     static_cast<off_t>(offset_));
  out.resize(got > 0 ? static_cast<size_t>(got) : 0);
  offset_ += out.size();
  left_ -= out.size();
  return out;
}

std::string_view media_type(std::string_view name) {
  auto dot = name.rfind('.');
  auto end = lower_case(dot == name.npos ? "" : name.substr(dot));
  for (auto& [suffix, type] : types)
    if (end == suffix)
      return type;
  return "application/octet-stream";
}

file_reader open_file(const http_request& request, http_response& response) {
  // Without O_NONBLOCK, a FIFO would block the thread forever.
  auto descriptor = ::open(response.file.c_str(),
                           O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  file_reader file{descriptor};
  struct stat about {};
  if (!file || ::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) {
    response = no_such_file();
    return {};
  }
  auto size = static_cast<uint64_t>(about.st_size);
  auto etag = etag_of(about);
  response.content_type = media_type(response.file);
  response.headers.emplace_back("ETag", etag);
  response.headers.emplace_back("Last-Modified", http_date(about.st_mtime));
  response.headers.emplace_back("Accept-Ranges", "bytes");
  apply_if_none_match(request, response);
  if (response.status == 304)
    return {};
  auto if_range = request.header("if-range");
  std::optional<byte_range> range;
  if (if_range.empty() || if_range == etag)
    range = parse_range(request.header("range"), size);
  if (range && range->last < range->first) {
    response = error_response(
      416, "bad_range", "the file has " + std::to_string(size) + " bytes");
    response.headers.emplace_back("Content-Range",
                                  "bytes */" + std::to_string(size));
    return {};
  }
  if (range) {
    response.status = 206;
    response.headers.emplace_back("Content-Range",
                                  "bytes " + std::to_string(range->first) + '-'
                                    + std::to_string(range->last) + '/'
                                    + std::to_string(size));
    file.seek(range->first, range->last - range->first + 1);
  } else {
    file.seek(0, size);
  }
  return file;
}

void apply_if_none_match(const http_request& request, http_response& response) {
  auto held = request.header("if-none-match");
  if (held.empty() || response.status != 200 || request.method != "GET")
    return;
  // Weak comparison: ignores a "W/" before either tag.
  auto bare = [](std::string_view tag) {
    return tag.substr(tag.starts_with("W/") ? 2 : 0);
  };
  for (auto& [name, value] : response.headers)
    if (name == "ETag"
        && (held == "*" || held.find(bare(value)) != held.npos)) {
      response.status = 304;
      response.body.clear();
      return;
    }
}

} // namespace darkroom

#include "services/http/complete.hpp"

#include "services/http/file.hpp"
#include "services/text/hex.hpp"

#include <sodium.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace darkroom {

namespace {

/// Smaller bodies cost more in header bytes and time than compression saves.
constexpr size_t least_bytes = 1024;

/// zlib's fastest level: shrinks JSON to a seventh; the best level, to an
/// eighth.
constexpr int level = 1;

std::string* find_header(http_response& response, std::string_view name) {
  for (auto& [key, value] : response.headers)
    if (key == name)
      return &value;
  return nullptr;
}

bool is_json(const http_response& response) {
  return response.content_type.starts_with("application/json");
}

bool is_text(const http_response& response) {
  return is_json(response) || response.content_type.starts_with("text/")
         || response.content_type.starts_with("image/svg");
}

/// Made from the content, so the same list has the same ETag after a restart.
std::string etag_of(std::string_view body) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(),
                     reinterpret_cast<const unsigned char*>(body.data()),
                     body.size(), nullptr, 0);
  return "W/\"" + to_hex(hash.data(), hash.size()) + '"';
}

void compress(const http_request& request, http_response& response) {
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!accepts_gzip(request.header("accept-encoding")))
    return;
  auto packed = gzip(response.body);
  if (packed.empty() || packed.size() >= response.body.size())
    return;
  response.body = std::move(packed);
  response.headers.emplace_back("Content-Encoding", "gzip");
  // Compressed and plain bytes share one tag, which must therefore be weak.
  auto* etag = find_header(response, "ETag");
  if (etag && !etag->starts_with("W/"))
    *etag = "W/" + *etag;
}

} // namespace

void complete(const http_request& request, http_response& response) {
  if (response.status == 200 && request.method == "GET" && is_json(response)
      && !find_header(response, "ETag"))
    response.headers.emplace_back("ETag", etag_of(response.body));
  apply_if_none_match(request, response);
  if (is_text(response) && response.body.size() >= least_bytes
      && !find_header(response, "Content-Encoding"))
    compress(request, response);
}

bool accepts_gzip(std::string_view accept_encoding) {
  for (auto& part : split_list(lower_case(accept_encoding), ',')) {
    std::erase_if(part, [](char c) { return c == ' ' || c == '\t'; });
    auto end = part.find(';');
    auto name = part.substr(0, end);
    auto weight = end == part.npos ? std::string{} : part.substr(end + 1);
    if (name == "gzip" || name == "x-gzip")
      return !weight.starts_with("q=")
             || std::strtod(weight.c_str() + 2, nullptr) > 0;
  }
  return false;
}

std::string gzip(std::string_view text) {
  constexpr int gzip_header = 16; // added to the window size
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, MAX_WBITS + gzip_header,
                   MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY)
      != Z_OK)
    return {};
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in
    = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // only read
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  auto done = deflate(&stream, Z_FINISH);
  out.resize(done == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

} // namespace darkroom

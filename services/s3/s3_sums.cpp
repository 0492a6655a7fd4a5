#include "services/s3/s3_sums.hpp"

#include "services/storage/file_bytes.hpp"
#include "services/text/hex.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t md5_digits = 32;

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// The ETag, if it is the MD5 of the bytes; else empty.
std::string md5_in(const http_answer& answer) {
  auto tag = answer.header("etag");
  std::erase(tag, '"');
  auto encryption = answer.header("x-amz-server-side-encryption");
  auto has_own_key
    = (!encryption.empty() && encryption != "AES256")
      || !answer.header("x-amz-server-side-encryption-customer-algorithm")
            .empty();
  if (has_own_key || tag.size() != md5_digits
      || !std::all_of(tag.begin(), tag.end(), is_hex_digit))
    return {};
  return tag;
}

} // namespace

std::string md5_of(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_md5(), nullptr);
  return {reinterpret_cast<const char*>(digest), size};
}

std::string md5_hex(std::string_view bytes) {
  return to_hex(md5_of(bytes));
}

std::string sum_problem(const http_answer& answer, std::string_view bytes) {
  if (auto sum = answer.header(sum_header); !sum.empty())
    return sum == sha256_of(bytes)
             ? ""
             : "its SHA-256 is not the one that was put with it";
  if (auto sum = md5_in(answer); !sum.empty())
    return sum == md5_hex(bytes) ? "" : "its MD5 is not its ETag";
  return {};
}

} // namespace darkroom

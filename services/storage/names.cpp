#include "services/storage/names.hpp"

#include "services/storage/file_bytes.hpp"
#include "services/text/hex.hpp"

#include <sodium.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <regex>
#include <string_view>

namespace darkroom {

namespace {

constexpr std::string_view allowed
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
constexpr size_t max_name = 100; // two names and a timestamp fit into 255 bytes
constexpr size_t hash_bytes = 16;
constexpr std::string_view part = ".part";
const std::string main_mark_prefix = "darkroom.main.";
constexpr size_t main_mark_digits = 16;

using hash = std::array<unsigned char, hash_bytes>;

std::string hidden_sibling(const std::string& name, const std::string& suffix) {
  auto slash = name.rfind('/') + 1; // 0 without a slash
  return name.substr(0, slash) + "." + name.substr(slash) + suffix;
}

} // namespace

std::string safe_name(const std::string& id) {
  if (!id.empty() && id.size() <= max_name && id[0] != '.'
      && id.find_first_not_of(allowed) == std::string::npos)
    return id;
  hash digest;
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(id.data()),
                     id.size(), nullptr, 0);
  return "~" + to_hex(digest.data(), digest.size());
}

std::string main_mark_name(const std::string& cluster) {
  return main_mark_prefix + sha256_of(cluster).substr(0, main_mark_digits);
}

bool is_main_mark(const std::string& name) {
  return name.size() == main_mark_prefix.size() + main_mark_digits
         && name.rfind(main_mark_prefix, 0) == 0
         && name.find_first_not_of("0123456789abcdef", main_mark_prefix.size())
              == std::string::npos;
}

std::string original_name(const std::string& image_id,
                          const std::string& extension) {
  return "originals/" + safe_name(image_id) + "." + safe_name(extension);
}

std::string variant_folder(const std::string& image_id) {
  return "variants/" + safe_name(image_id);
}

std::string variant_name(const std::string& image_id,
                         const std::string& variant_type,
                         const std::string& format) {
  return variant_folder(image_id) + "/" + safe_name(variant_type) + "."
         + safe_name(format);
}

std::string staged_suffix(const attempt_stamp& stamp) {
  return "." + std::to_string(stamp.job_timestamp) + "-"
         + std::to_string(stamp.attempt) + "-" + safe_name(stamp.job_id)
         + std::string{part};
}

std::string staged_name(const std::string& final_name,
                        const attempt_stamp& stamp) {
  return hidden_sibling(final_name, staged_suffix(stamp));
}

bool is_staged_up_to(const std::string& name, const attempt_stamp& stamp) {
  if (!is_staged(name))
    return false;
  auto last = name.substr(name.rfind('/') + 1);
  attempt_stamp found{stamp.job_id, 0, 0};
  if (std::sscanf(last.c_str(), ".%*[^.].%*[^.].%" SCNd64 "-%" SCNu32,
                  &found.job_timestamp, &found.attempt)
      != 2)
    return false;
  if (found.job_timestamp != stamp.job_timestamp)
    return found.job_timestamp < stamp.job_timestamp;
  auto suffix = staged_suffix(found); // of the same job?
  return found.attempt <= stamp.attempt && last.size() > suffix.size()
         && last.compare(last.size() - suffix.size(), suffix.size(), suffix)
              == 0;
}

std::string upload_name(const std::string& final_name) {
  hash random;
  randombytes_buf(random.data(), random.size());
  return hidden_sibling(final_name, "." + to_hex(random.data(), random.size())
                                      + std::string{part});
}

bool is_aside_upload(const std::string& name) {
  static const std::regex form{
    "\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.[a-z0-9]{1,10}"
    "\\.[0-9a-f]{32}\\.part"};
  return std::regex_match(name.substr(name.rfind('/') + 1), form);
}

bool is_ours(const std::string& real_name) {
  return is_variant(real_name) || real_name == folder_mark_name
         || is_main_mark(real_name) || is_staged(real_name);
}

bool is_variant(const std::string& real_name) {
  return real_name.rfind("variants/", 0) == 0;
}

bool is_staged(const std::string& name) {
  auto last = name.substr(name.rfind('/') + 1);
  return last.size() > part.size() && last[0] == '.'
         && last.compare(last.size() - part.size(), part.size(), part) == 0;
}

} // namespace darkroom

#include "services/s3/s3_signature.hpp"

#include "services/s3/s3_text.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/text/hex.hpp"
#include "services/text/percent.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace darkroom {

namespace {

constexpr auto algorithm = "AWS4-HMAC-SHA256";
constexpr size_t day_length = 8;

std::string hmac(const std::string& key, const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest,
       &size);
  return {reinterpret_cast<const char*>(digest), size};
}

/// "host;range;x-amz-date".
std::string names_of(const std::map<std::string, std::string>& headers) {
  std::string out;
  for (const auto& [name, value] : headers)
    out += (out.empty() ? "" : ";") + name;
  return out;
}

std::string scope_of(const std::string& time, const s3_signer& by) {
  return time.substr(0, day_length) + '/' + by.region + "/s3/aws4_request";
}

/// @param headers those that are signed, the host included
std::string signature_of(const s3_request& x,
                         const std::map<std::string, std::string>& headers,
                         const std::string& body, const std::string& time,
                         const s3_signer& by) {
  auto canonical = x.method + '\n' + x.path + '\n' + s3_query(x.query) + '\n';
  for (const auto& [name, value] : headers)
    canonical += name + ':' + value + '\n';
  canonical += '\n' + names_of(headers) + '\n' + body;
  auto text = std::string{algorithm} + '\n' + time + '\n' + scope_of(time, by)
              + '\n' + sha256_of(canonical);
  auto key = hmac("AWS4" + by.secret_key, time.substr(0, day_length));
  for (const auto& part :
       {by.region, std::string{"s3"}, std::string{"aws4_request"}})
    key = hmac(key, part);
  return to_hex(hmac(key, text));
}

} // namespace

std::string s3_query(const std::map<std::string, std::string>& query) {
  std::string out;
  for (const auto& [name, value] : query)
    out += (out.empty() ? "" : "&") + percent_encoded(name) + '='
           + percent_encoded(value);
  return out;
}

void sign(s3_request& request, const s3_signer& by, int64_t now) {
  auto time = s3_time(now);
  request.headers["x-amz-date"] = time;
  request.headers["x-amz-content-sha256"] = request.body_sha256;
  auto covered = request.headers;
  covered["host"] = request.host;
  request.headers["authorization"]
    = std::string{algorithm} + " Credential=" + by.access_key + '/'
      + scope_of(time, by) + ", SignedHeaders=" + names_of(covered)
      + ", Signature="
      + signature_of(request, covered, request.body_sha256, time, by);
}

std::string signed_query(s3_request request, const s3_signer& by, int64_t now,
                         std::chrono::seconds lifetime) {
  auto time = s3_time(now);
  request.query["X-Amz-Algorithm"] = algorithm;
  request.query["X-Amz-Credential"] = by.access_key + '/' + scope_of(time, by);
  request.query["X-Amz-Date"] = time;
  request.query["X-Amz-Expires"] = std::to_string(lifetime.count());
  request.query["X-Amz-SignedHeaders"] = "host";
  auto found = signature_of(request, {{"host", request.host}},
                            "UNSIGNED-PAYLOAD", time, by);
  return s3_query(request.query) + "&X-Amz-Signature=" + found;
}

} // namespace darkroom

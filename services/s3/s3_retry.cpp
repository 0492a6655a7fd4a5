#include "services/s3/s3_retry.hpp"

#include "messages/result.hpp"
#include "services/text/one_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{200};
constexpr milliseconds longest_pause{5000};
constexpr milliseconds longest_wish{30000};
constexpr size_t longest_quote = 300; // bytes of the server's message

// Some servers give these with a status of 400 or 409.
constexpr std::array<std::string_view, 7> passing{"BadDigest",
                                                  "IncompleteBody",
                                                  "InternalError",
                                                  "OperationAborted",
                                                  "RequestTimeout",
                                                  "SlowDown",
                                                  "XAmzContentSHA256Mismatch"};

/// What to do about a refusal; empty if there is nothing to say.
std::string advice_for(const s3_refusal& x) {
  if (x.code == "SignatureDoesNotMatch")
    return "; correct [storage] s3_secret_key (AWS_SECRET_ACCESS_KEY)";
  if (x.code == "InvalidAccessKeyId")
    return "; correct [storage] s3_access_key (AWS_ACCESS_KEY_ID)";
  if (x.code == "AccessDenied" || x.code == "AllAccessDisabled")
    return "; let this key get, put, delete and list: docs/storage.md has a "
           "policy";
  if (x.code == "NoSuchBucket")
    return "; make the bucket, or correct [storage] s3_bucket";
  if (x.code == "RequestTimeTooSkewed")
    return "; set this machine's clock";
  if (x.code == "AuthorizationHeaderMalformed" || x.code == "PermanentRedirect"
      || x.code == "TemporaryRedirect")
    return "; correct [storage] s3_region and s3_endpoint";
  return {};
}

std::string reason_of(const s3_try& x) {
  if (!x.trouble.empty())
    return x.trouble;
  auto out = "the server answered " + std::to_string(x.status);
  if (!x.refusal.code.empty())
    out += ' ' + one_line(x.refusal.code, longest_quote);
  if (!x.refusal.message.empty())
    out += ": \"" + one_line(x.refusal.message, longest_quote) + '"';
  return out + advice_for(x.refusal);
}

} // namespace

bool may_pass(const s3_try& x) {
  if (x.is_done())
    return false;
  if (x.status == 0 || !x.trouble.empty())
    return true;
  if (std::find(passing.begin(), passing.end(), x.refusal.code)
      != passing.end())
    return true;
  return x.status >= 500 || x.status == 408 || x.status == 429;
}

milliseconds pause_after(uint32_t tries, const s3_try& x, double luck) {
  if (x.wait_ms > 0)
    return std::min(milliseconds{x.wait_ms}, longest_wish);
  auto full = longest_pause;
  if (tries < 6)
    full = std::min(full, first_pause * (1 << (tries - 1)));
  return milliseconds{
    std::llround(static_cast<double>(full.count()) * (1 - luck / 2))};
}

error s3_error(const std::string& what, const s3_try& x, uint32_t tries) {
  auto is_missing = x.status == 404 && x.refusal.code != "NoSuchBucket";
  auto text = what + ": " + reason_of(x);
  if (tries > 1)
    text += " (after " + std::to_string(tries) + " tries)";
  return fail(is_missing ? ec::not_found : ec::storage_failed, text);
}

} // namespace darkroom

#include "services/s3/s3_bucket.hpp"

#include "config/clock.hpp"
#include "services/http_client/http_error.hpp"
#include "services/s3/s3_sums.hpp"
#include "services/s3/s3_text.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/text/base64.hpp"
#include "services/text/percent.hpp"

#include <sodium.h>

#include <algorithm>
#include <thread>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

/// Above this, an object is sent in parts, so that a fault costs one of them.
constexpr size_t longest_put = size_t{16} << 20;
constexpr milliseconds look_at_flag_every{50};

/// A number from 0 to 1.
double luck() {
  return randombytes_uniform(1001) / 1000.0;
}

/// @returns false if it was cancelled
bool wait_unless(milliseconds pause, const std::atomic<bool>* cancel) {
  auto until = std::chrono::steady_clock::now() + pause;
  while (std::chrono::steady_clock::now() < until) {
    if (cancel != nullptr && *cancel)
      return false;
    std::this_thread::sleep_for(std::min(pause, look_at_flag_every));
  }
  return true;
}

} // namespace

result<s3_bucket> s3_bucket::open(const storage_settings& storage) {
  auto address = s3_address::of(storage);
  if (!address)
    return std::move(address.error());
  return s3_bucket{storage, std::move(*address)};
}

s3_bucket::s3_bucket(const storage_settings& storage, s3_address address)
  : settings_(storage),
    address_(std::move(address)),
    signer_{storage.s3_access_key, storage.s3_secret_key, storage.s3_region},
    wire_(std::make_shared<s3_wire>()) {}

std::string s3_bucket::describe() const {
  auto out = "bucket '" + settings_.s3_bucket + "' at " + settings_.s3_endpoint;
  if (!settings_.s3_prefix.empty())
    out += ", below '" + settings_.s3_prefix + '\'';
  return out;
}

std::string s3_bucket::path_of(const std::string& key) const {
  if (key.empty())
    return address_.path.empty() ? "/" : address_.path;
  return address_.path + '/' + percent_encoded(settings_.s3_prefix + key, "/");
}

s3_call s3_bucket::call_of(const order& x,
                           const std::string& body_sha256) const {
  s3_request request{x.method, address_.host, path_of(x.key),
                     x.query,  x.headers,     body_sha256};
  sign(request, signer_, wall_clock_ms());
  auto query = s3_query(x.query);
  return {x.method,
          address_.origin + request.path + (query.empty() ? "" : "?") + query,
          std::move(request.headers),
          x.body,
          settings_.s3_timeout,
          x.take,
          x.cancel};
}

/// Signs each try anew, because a signature is good for some minutes only.
result<http_answer> s3_bucket::run(const order& x) const {
  auto what = x.what + " in " + describe();
  auto sum = sha256_of(x.body);
  for (uint32_t tries = 1;; ++tries) {
    if (x.begin)
      x.begin();
    auto reply = wire_->send(call_of(x, sum));
    if (reply.is_cancelled)
      return fail(ec::cancelled, what + ": stopped on request");
    if (reply.is_stopped)
      return fail(ec::storage_failed, what + ": " + reply.trouble);
    auto& answer = reply.answer;
    s3_try ended{
      answer.status, read_refusal(answer.body), std::move(reply.trouble),
      parse_retry_after(answer.header("retry-after"), wall_clock_ms())};
    if (ended.is_done() && x.check)
      ended.trouble = x.check(answer);
    if (ended.is_done())
      return std::move(answer);
    if (tries >= settings_.s3_attempts || !may_pass(ended))
      return s3_error(what, ended, tries);
    if (!wait_unless(pause_after(tries, ended, luck()), x.cancel))
      return fail(ec::cancelled, what + ": stopped on request");
  }
}

status s3_bucket::put(const std::string& key, std::string_view bytes,
                      const std::string& content_type) const {
  return bytes.size() > longest_put ? put_in_parts(key, bytes, content_type)
                                    : put_whole(key, bytes, content_type);
}

status s3_bucket::put_whole(const std::string& key, std::string_view bytes,
                            const std::string& content_type) const {
  order x{"cannot write '" + key + '\'', "PUT", key};
  x.headers = {{"content-md5", to_base64(md5_of(bytes))},
               {"content-type", content_type},
               {sum_header, sha256_of(bytes)}};
  x.body = bytes;
  // Not every server compares the bytes with the sums that came with them.
  x.check = [bytes](const http_answer& answer) {
    return sum_problem(answer, bytes);
  };
  auto done = run(x);
  if (!done)
    return std::move(done.error());
  return ok;
}

result<s3_object> s3_bucket::head(const std::string& key) const {
  auto done = run({"cannot look up '" + key + '\'', "HEAD", key});
  if (!done)
    return std::move(done.error());
  s3_object out{key, 0, read_s3_time(done->header("last-modified"))};
  out.size = std::strtoull(done->header("content-length").c_str(), nullptr, 10);
  return out;
}

status s3_bucket::copy(const std::string& from, const std::string& to) const {
  order x{"cannot copy '" + from + "' to '" + to + '\'', "PUT", to};
  x.headers["x-amz-copy-source"]
    = '/' + percent_encoded(settings_.s3_bucket) + '/'
      + percent_encoded(settings_.s3_prefix + from, "/");
  auto done = run(x);
  if (!done)
    return std::move(done.error());
  return ok;
}

status s3_bucket::remove(const std::string& key) const {
  auto done = run({"cannot remove '" + key + '\'', "DELETE", key});
  if (!done && done.error().code != ec::not_found)
    return std::move(done.error());
  return ok;
}

result<s3_page> s3_bucket::list(const std::string& folder,
                                const std::string& token, uint64_t most) const {
  order x{"cannot list '" + folder + '\'', "GET", {}};
  x.query = {{"list-type", "2"},
             {"encoding-type", "url"},
             {"max-keys", std::to_string(std::clamp<uint64_t>(most, 1, 1000))},
             {"prefix", settings_.s3_prefix + folder}};
  if (!token.empty())
    x.query["continuation-token"] = token;
  auto done = run(x);
  if (!done)
    return std::move(done.error());
  auto page = read_page(done->body);
  if (!page)
    return fail(ec::storage_failed,
                x.what + " in " + describe() + ": " + page.error().context);
  for (auto& object : page->objects)
    object.key.erase(0, settings_.s3_prefix.size());
  return page;
}

std::string s3_bucket::link(const std::string& key, const std::string& method,
                            const std::string& content_type,
                            int64_t now) const {
  s3_request request{method,
                     address_.host,
                     path_of(key),
                     {{"response-content-type", content_type}}};
  return address_.origin + request.path + '?'
         + signed_query(request, signer_, now, settings_.s3_link_lifetime);
}

} // namespace darkroom

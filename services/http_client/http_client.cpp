#include "services/http_client/http_client.hpp"

#include "services/http_client/curl_handle.hpp"
#include "services/http_client/http_error.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

/// A provider that is up accepts a connection in well under a second.
constexpr milliseconds connect_timeout{10000};

/// What the callbacks of one exchange share.
struct exchange_state {
  http_answer answer;
  size_t max_bytes = 0;
  int requests = 0; ///< that libcurl wanted to send
  bool too_long = false;
  const std::atomic<bool>* cancel = nullptr;
};

size_t take_body(char* data, size_t, size_t size, void* user) {
  auto& x = *static_cast<exchange_state*>(user);
  auto& body = x.answer.body;
  x.too_long = body.size() + size > x.max_bytes;
  if (x.too_long)
    return 0; // makes libcurl end the exchange
  body.append(data, size);
  return size;
}

size_t take_header(char* data, size_t, size_t size, void* user) {
  take_header_line({data, size}, static_cast<exchange_state*>(user)->answer);
  return size;
}

// libcurl asks before each request of an exchange, also before one that it
// wants to send again because a kept connection was closed.
int allow_one_request(void* user, char*, char*, int, int) {
  auto& x = *static_cast<exchange_state*>(user);
  return ++x.requests == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

int look_at_cancel(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto cancel = static_cast<exchange_state*>(user)->cancel;
  return cancel && *cancel ? 1 : 0;
}

/// The error of an exchange that got no answer.
error broken(CURLcode code, const exchange_state& x, const json_post& post,
             const std::string& detail) {
  auto who = shown_url(post.url);
  auto why = detail.empty() ? curl_easy_strerror(code) : detail;
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return fail(ec::cancelled, "the call to " + who + " was cancelled");
    case CURLE_OPERATION_TIMEDOUT:
      return fail(ec::timed_out, who + " did not answer in time (limit "
                                   + std::to_string(post.timeout.count())
                                   + " ms): " + why);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return fail(ec::bad_config, who + " cannot be called: " + why
                                    + "; use an http or https URL");
    default:
      break;
  }
  if (x.too_long)
    why = "the answer is longer than " + std::to_string(x.max_bytes) + " bytes";
  return fail(ec::upstream_failed, who + " cannot be reached: " + why);
}

using header_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

header_list make_headers(const json_post& post) {
  header_list headers(curl_slist_append(nullptr,
                                        "Content-Type: application/json"),
                      curl_slist_free_all);
  curl_slist_append(headers.get(), "Expect:"); // no wait for 100-continue
  for (const auto& each : post.headers)
    curl_slist_append(headers.get(), each.c_str());
  if (!post.bearer.empty())
    curl_slist_append(headers.get(),
                      ("Authorization: Bearer " + post.bearer).c_str());
  return headers;
}

void set_request(CURL* curl, const json_post& post) {
  curl_easy_setopt(curl, CURLOPT_URL, post.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); // there are threads
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "darkroom");
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, ""); // all that it can
  if (!post.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post.body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(post.body.size()));
  }
  if (!post.method.empty())
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, post.method.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(post.timeout.count()));
  auto connect = std::min(post.timeout, connect_timeout);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(connect.count()));
}

void set_trust(CURL* curl, const json_post& post) {
  if (!post.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, post.ca_file.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  if (post.certificate.empty())
    return;
  curl_blob only{const_cast<char*>(post.certificate.data()), // is copied
                 post.certificate.size(), CURL_BLOB_COPY};
  curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &only);
  curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
}

void set_callbacks(CURL* curl, exchange_state& x) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &x);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &x);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &look_at_cancel);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &x);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, &allow_one_request);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, &x);
}

int64_t now_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

} // namespace

result<http_answer> http_client::exchange(const json_post& post,
                                          const std::atomic<bool>* cancel) {
  auto mine = handles_.borrow();
  auto curl = mine->curl.get();
  if (!curl)
    return fail(ec::internal, "libcurl has no memory for a handle");
  exchange_state x;
  x.max_bytes = post.max_response_bytes;
  x.cancel = cancel;
  auto headers = make_headers(post);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, mine->detail);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  set_request(curl, post);
  set_trust(curl, post);
  set_callbacks(curl, x);
  auto code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &x.answer.status);
  std::string detail = mine->detail;
  handles_.give_back(std::move(mine));
  if (x.requests > 1)
    return http_answer{};
  if (code != CURLE_OK)
    return broken(code, x, post, detail);
  return std::move(x.answer);
}

result<std::string> http_client::send(const json_post& post,
                                      const std::atomic<bool>* cancel) {
  auto answer = exchange(post, cancel);
  if (answer && answer->status == 0)
    answer = exchange(post, cancel);
  if (!answer)
    return std::move(answer.error());
  if (answer->status == 0)
    return fail(ec::upstream_failed,
                shown_url(post.url) + " closed the connection unanswered");
  if (answer->status < 200 || answer->status >= 300)
    return http_error({answer->status, answer->header("retry-after"),
                       answer->body},
                      shown_url(post.url), post.bearer, now_ms(), post.advice);
  return std::move(answer->body);
}

} // namespace darkroom

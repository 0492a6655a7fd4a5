#include "services/http_client/http_client.hpp"

#include "services/http_client/http_error.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

/// A provider that is up accepts a connection in well under a second.
constexpr milliseconds connect_timeout{10000};

/// What the callbacks of one exchange share.
struct exchange {
  std::string body;
  std::string retry_after;
  size_t max_bytes = 0;
  bool too_long = false;
  const std::atomic<bool>* cancel = nullptr;
};

size_t take_body(char* data, size_t, size_t size, void* user) {
  auto& x = *static_cast<exchange*>(user);
  x.too_long = x.body.size() + size > x.max_bytes;
  if (x.too_long)
    return 0; // makes libcurl end the exchange
  x.body.append(data, size);
  return size;
}

size_t take_header(char* data, size_t, size_t size, void* user) {
  constexpr std::string_view name = "retry-after:";
  std::string line(data, size);
  auto lower = line.substr(0, name.size());
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (lower == name) {
    auto value = line.substr(name.size());
    auto first = value.find_first_not_of(" \t\r\n");
    auto last = value.find_last_not_of(" \t\r\n");
    if (first != std::string::npos)
      static_cast<exchange*>(user)->retry_after
        = value.substr(first, last - first + 1);
  }
  return size;
}

int look_at_cancel(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto cancel = static_cast<exchange*>(user)->cancel;
  return cancel && *cancel ? 1 : 0;
}

/// The URL as errors show it: without user, password, query and fragment.
std::string shown(const std::string& url) {
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(),
                                                            curl_url_cleanup);
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0))
    return "an unreadable URL";
  for (auto secret : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS,
                      CURLUPART_QUERY, CURLUPART_FRAGMENT})
    curl_url_set(parts.get(), secret, nullptr, 0);
  char* text = nullptr;
  if (curl_url_get(parts.get(), CURLUPART_URL, &text, 0))
    return "an unreadable URL";
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// The error of an exchange that got no answer.
error broken(CURLcode code, const exchange& x, const json_post& post,
             const std::string& detail) {
  auto who = shown(post.url);
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
  if (!post.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post.body.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(post.body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(post.timeout.count()));
  auto connect = std::min(post.timeout, connect_timeout);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(connect.count()));
}

void set_callbacks(CURL* curl, exchange& x) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &x);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &x);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &look_at_cancel);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &x);
}

int64_t now_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

} // namespace

struct http_client::handle {
  struct closer {
    void operator()(CURL* x) const {
      curl_easy_cleanup(x);
    }
  };
  std::unique_ptr<CURL, closer> curl;
  char detail[CURL_ERROR_SIZE] = {};
};

http_client::http_client() {
  static std::once_flag once; // libcurl must be started once per process
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

http_client::~http_client() = default;

std::unique_ptr<http_client::handle> http_client::borrow() {
  std::lock_guard guard(mutex_);
  if (!idle_.empty()) {
    auto kept = std::move(idle_.back());
    idle_.pop_back();
    curl_easy_reset(kept->curl.get()); // keeps the connection
    kept->detail[0] = 0;
    return kept;
  }
  auto fresh = std::make_unique<handle>();
  fresh->curl.reset(curl_easy_init());
  return fresh;
}

void http_client::give_back(std::unique_ptr<handle> used) {
  std::lock_guard guard(mutex_);
  idle_.push_back(std::move(used));
}

result<std::string> http_client::send(const json_post& post,
                                      const std::atomic<bool>* cancel) {
  auto mine = borrow();
  auto curl = mine->curl.get();
  if (!curl)
    return fail(ec::internal, "libcurl has no memory for a handle");
  exchange x;
  x.max_bytes = post.max_response_bytes;
  x.cancel = cancel;
  auto headers = make_headers(post);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, mine->detail);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  set_request(curl, post);
  set_callbacks(curl, x);
  auto code = curl_easy_perform(curl);
  long answered = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answered);
  std::string detail = mine->detail;
  curl_easy_reset(curl); // its options point to locals of this call
  give_back(std::move(mine));
  if (code != CURLE_OK)
    return broken(code, x, post, detail);
  if (answered < 200 || answered >= 300)
    return http_error({answered, x.retry_after, x.body}, shown(post.url),
                      post.bearer, now_ms(), post.advice);
  return std::move(x.body);
}

} // namespace darkroom

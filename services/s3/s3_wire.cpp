#include "services/s3/s3_wire.hpp"

#include "services/http_client/curl_handle.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_connect{10000};
// A page of 1,000 keys has 500 KB.
constexpr size_t longest_answer = size_t{8} << 20;

/// What the callbacks of one call share.
struct call_state {
  const s3_call& call;
  CURL* curl = nullptr;
  s3_reply reply = {};
  bool is_too_long = false;
};

size_t take_bytes(char* data, size_t, size_t size, void* user) {
  auto& x = *static_cast<call_state*>(user);
  long status = 0;
  curl_easy_getinfo(x.curl, CURLINFO_RESPONSE_CODE, &status);
  if (x.call.take && status >= 200 && status < 300) {
    x.reply.is_stopped = !x.call.take({data, size});
    return x.reply.is_stopped ? 0 : size;
  }
  auto& body = x.reply.answer.body;
  x.is_too_long = body.size() + size > longest_answer;
  if (x.is_too_long)
    return 0; // makes libcurl end the exchange
  body.append(data, size);
  return size;
}

size_t take_head_line(char* data, size_t, size_t size, void* user) {
  take_header_line({data, size}, static_cast<call_state*>(user)->reply.answer);
  return size;
}

int ask_whether_to_stop(void* user, curl_off_t, curl_off_t, curl_off_t,
                        curl_off_t) {
  const auto* cancel = static_cast<call_state*>(user)->call.cancel;
  return cancel != nullptr && *cancel ? 1 : 0;
}

using line_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

line_list lines_of(const s3_call& call) {
  // No wait for 100-continue, and no type that libcurl makes up.
  line_list out(curl_slist_append(nullptr, "Expect:"), curl_slist_free_all);
  if (call.headers.count("content-type") == 0)
    curl_slist_append(out.get(), "Content-Type:");
  for (const auto& [name, value] : call.headers)
    curl_slist_append(out.get(), (name + ": " + value).c_str());
  return out;
}

void set_call(CURL* curl, const s3_call& call) {
  curl_easy_setopt(curl, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); // it is signed like that
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); // there are threads
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "darkroom");
  if (call.method == "PUT" || call.method == "POST") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(call.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                     call.body.empty() ? "" : call.body.data());
  } else if (call.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  }
  if (call.method != "HEAD")
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  auto connect = std::min(call.timeout, longest_connect);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(call.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(connect.count()));
}

void set_hooks(CURL* curl, call_state& x) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_bytes);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &x);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_head_line);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &x);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &ask_whether_to_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &x);
}

std::string trouble_of(CURLcode code, const call_state& x,
                       const std::string& detail) {
  if (code == CURLE_OPERATION_TIMEDOUT)
    return "no whole answer within " + std::to_string(x.call.timeout.count())
           + " ms (at most [storage] s3_timeout): " + detail;
  if (x.is_too_long)
    return "the answer is longer than " + std::to_string(longest_answer)
           + " bytes";
  return detail.empty() ? curl_easy_strerror(code) : detail;
}

} // namespace

s3_reply s3_wire::send(const s3_call& call) {
  auto mine = handles_.borrow();
  auto* curl = mine->curl.get();
  if (curl == nullptr)
    return {{}, "libcurl has no memory for a handle"};
  call_state x{call, curl};
  auto lines = lines_of(call);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, mine->detail);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
  set_call(curl, call);
  set_hooks(curl, x);
  auto code = curl_easy_perform(curl);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &x.reply.answer.status);
  if (code != CURLE_OK) {
    x.reply.trouble = trouble_of(code, x, mine->detail);
    x.reply.is_cancelled = code == CURLE_ABORTED_BY_CALLBACK;
  }
  handles_.give_back(std::move(mine));
  return std::move(x.reply);
}

} // namespace darkroom

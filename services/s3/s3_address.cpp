#include "services/s3/s3_address.hpp"

#include "services/s3/s3_text.hpp"
#include "services/text/percent.hpp"

#include <curl/curl.h>

#include <memory>

namespace darkroom {

namespace {

using url_parts = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

/// A part of a URL; empty if it has none.
std::string part_of(const url_parts& url, CURLUPart which,
                    unsigned int how = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, how) != CURLUE_OK)
    return {};
  std::string out{text};
  curl_free(text);
  return out;
}

} // namespace

result<s3_address> s3_address::of(const storage_settings& storage) {
  url_parts url(curl_url(), curl_url_cleanup);
  auto is_url = url
                && curl_url_set(url.get(), CURLUPART_URL,
                                storage.s3_endpoint.c_str(), 0)
                     == CURLUE_OK;
  auto scheme = is_url ? part_of(url, CURLUPART_SCHEME) : std::string{};
  auto rest = part_of(url, CURLUPART_PATH);
  if ((scheme != "http" && scheme != "https") || (!rest.empty() && rest != "/")
      || !part_of(url, CURLUPART_USER).empty()
      || !part_of(url, CURLUPART_QUERY).empty())
    return fail(ec::bad_config,
                "[storage] s3_endpoint must be http(s)://host[:port]");
  s3_address out;
  out.host = part_of(url, CURLUPART_HOST);
  if (!storage.s3_path_style)
    out.host = storage.s3_bucket + '.' + out.host;
  else
    out.path = '/' + percent_encoded(storage.s3_bucket);
  // The default port is not in the header `Host`, and so not in the signature.
  if (auto port = part_of(url, CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
      !port.empty())
    out.host += ':' + port;
  out.origin = scheme + "://" + out.host;
  return out;
}

} // namespace darkroom

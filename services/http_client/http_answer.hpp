/// What a server answered to one request.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace darkroom {

/// What a server answered, whatever its status.
struct http_answer {
  /// 100 to 599. 0: the server closed a connection that was kept open before it
  /// answered. It may have seen the request, which was not sent again.
  long status = 0;
  /// By name in lower case; of equal names the last one, of long values the
  /// beginning.
  std::map<std::string, std::string> headers = {};
  std::string body = {}; ///< decompressed

  /// The value of a header, empty if there is none.
  std::string header(const std::string& name) const;
};

/// Adds a line of the head, as libcurl hands it out: the status line of an
/// answer drops the headers before it, which belong to an interim one. A server
/// may send what it likes, so their number and length are bounded.
void take_header_line(std::string_view line, http_answer& to);

/// The URL as errors show it: without user, password, query and fragment.
std::string shown_url(const std::string& url);

} // namespace darkroom

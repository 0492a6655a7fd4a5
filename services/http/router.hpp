/// Finds the route of a request by method and path pattern.
#pragma once

#include "services/http/lane.hpp"
#include "services/http/message.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

class sse_core;

/// A registered route: a handler, an upload or an event stream.
struct http_route {
  std::string method;
  std::string pattern; ///< as it was registered
  /// "api", "images", "{id}". The last one may be "{path...}", which matches
  /// one or more segments.
  std::vector<std::string> segments;
  http_handler handler;
  http_lane lane = http_lane::api;
  upload_route upload;
  std::shared_ptr<sse_core> stream;
};

/// The result of the search for a route.
struct route_match {
  const http_route* route
    = nullptr; ///< null if none fits; lives as long as the router
  std::map<std::string, std::string> params;
  std::vector<std::string> allow; ///< methods of the path if only that differs
  bool malformed = false;         ///< no route could match such a path
};

/// All routes. Filled before the server starts, read-only afterwards.
class router {
public:
  /// @param pattern "/api/images/{id}" or "/files/{path...}"
  void add(std::string_view pattern, http_route route);

  /// The most literal match wins: "/api/queue" before "/api/{name}". Segments
  /// are decoded after the path is split, so "%2F" is a slash within a
  /// "{name}". ".", ".." and NUL never match, and neither does "%2F" within a
  /// "{path...}".
  route_match find(std::string_view method, std::string_view path) const;

private:
  std::vector<http_route> routes_;
};

} // namespace darkroom

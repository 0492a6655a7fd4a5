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

/// One registered route: a handler, an upload or an event stream.
struct http_route {
  std::string method;
  /// "api", "images", "{id}"; the last may be "{path...}": one or more
  /// segments.
  std::vector<std::string> segments;
  http_handler handler;
  http_lane lane = http_lane::api;
  upload_route upload;
  std::shared_ptr<sse_core> stream;
};

/// What was found for a request.
struct route_match {
  const http_route* route
    = nullptr; ///< null: none; lives as long as the router
  std::map<std::string, std::string> params;
  std::vector<std::string> allow; ///< methods of the path if only they differ
  bool malformed = false;         ///< a path that no route could take
};

/// The routes. Filled before the server starts, only read afterwards.
class router {
public:
  /// @param pattern "/api/images/{id}" or "/files/{path...}"
  void add(std::string_view pattern, http_route route);

  /// The most literal match wins: "/api/queue" over "/api/{name}". Segments
  /// are decoded after the split, so that "%2F" is a slash within a "{name}";
  /// ".", ".." and NUL never match, nor "%2F" within a "{path...}".
  route_match find(std::string_view method, std::string_view path) const;

private:
  std::vector<http_route> routes_;
};

} // namespace darkroom

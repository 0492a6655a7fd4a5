#include "services/http/router.hpp"

#include <algorithm>
#include <optional>

namespace darkroom {

namespace {

using segments = std::vector<std::string>;

/// "/a//b/" gives {"a", "", "b", ""}; an empty segment matches nothing.
segments split_path(std::string_view path) {
  segments out;
  while (path.size() > 1) {
    path.remove_prefix(1);
    auto end = std::min(path.find('/'), path.size());
    out.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
    if (path == "/")
      out.emplace_back();
  }
  return out;
}

/// The decoded segments of a path; empty if one of them is not allowed.
std::optional<segments> decode_path(std::string_view path) {
  if (path.empty() || path[0] != '/')
    return std::nullopt;
  auto out = split_path(path);
  for (auto& part : out) {
    auto plain = percent_decode(part);
    if (!plain || *plain == "." || *plain == "..")
      return std::nullopt;
    part = std::move(*plain);
  }
  return out;
}

bool has_slash(const segments& path) {
  return std::any_of(path.begin(), path.end(), [](const std::string& part) {
    return part.find('/') != std::string::npos;
  });
}

bool is_rest(const std::string& segment) {
  return segment.ends_with("...}");
}

bool is_param(const std::string& segment) {
  return segment.starts_with("{");
}

/// One letter per segment: 'l'iteral < 'p'aram < 'r'est. The smaller rank is
/// the more literal one; empty if the pattern does not match.
std::string match_rank(const segments& pattern, const segments& path) {
  std::string rank = "^";
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (i >= path.size() || path[i].empty())
      return {};
    if (is_rest(pattern[i]))
      return rank + 'r';
    if (!is_param(pattern[i]) && pattern[i] != path[i])
      return {};
    rank += is_param(pattern[i]) ? 'p' : 'l';
  }
  return pattern.size() == path.size() ? rank : std::string{};
}

std::map<std::string, std::string> take_params(const segments& pattern,
                                               const segments& path) {
  std::map<std::string, std::string> out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (is_rest(pattern[i])) {
      auto rest = path[i];
      for (auto k = i + 1; k < path.size(); ++k)
        rest += '/' + path[k];
      out[pattern[i].substr(1, pattern[i].size() - 5)] = rest;
    } else if (is_param(pattern[i])) {
      out[pattern[i].substr(1, pattern[i].size() - 2)] = path[i];
    }
  }
  return out;
}

} // namespace

void router::add(std::string_view pattern, http_route route) {
  route.segments = split_path(pattern);
  routes_.push_back(std::move(route));
}

route_match router::find(std::string_view method, std::string_view path) const {
  route_match out;
  auto parts = decode_path(path);
  out.malformed = !parts;
  if (!parts)
    return out;
  std::string best;
  for (auto& route : routes_) {
    auto rank = match_rank(route.segments, *parts);
    if (rank.empty() || (!best.empty() && rank > best))
      continue;
    if (rank != best) {
      out = {};
      best = rank;
    }
    out.allow.push_back(route.method);
    if (route.method == method && !out.route)
      out.route = &route;
  }
  // An id may contain a slash, but the name of a file in a folder may not.
  if (!best.empty() && best.back() == 'r' && has_slash(*parts)) {
    out = {};
    out.malformed = true;
  }
  if (out.route)
    out.params = take_params(out.route->segments, *parts);
  return out;
}

} // namespace darkroom

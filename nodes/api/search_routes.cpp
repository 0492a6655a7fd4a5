#include "nodes/api/search_routes.hpp"

#include "nodes/api/filter_query.hpp"
#include "nodes/api/search_desk.hpp"
#include "nodes/api/search_json.hpp"
#include "services/json/json.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace darkroom {

namespace {

page_bounds read_page(query_reader& query) {
  return {query.number("limit", usual_page, 1, longest_page),
          query.number("offset", 0, 0, last_offset)};
}

/// The filters that were set, in the form of the query.
nlohmann::json filters_of(const http_request& request) {
  auto out = nlohmann::json::object();
  for (const auto* name : {"tag", "category", "mood", "after", "before"})
    if (auto text = request.arg(name); !text.empty())
      out[name] = text;
  return out;
}

/// A 403 for a page of another site: it could not read the answer, but it could
/// have searches made that a provider is paid for.
std::optional<http_response> refuse_foreign(const http_request& request) {
  auto site = request.header("sec-fetch-site");
  if (site != "cross-site" && site != "same-site")
    return std::nullopt;
  return error_response(403, "foreign_origin",
                        "the page of another site may not search here",
                        "search from this server's own page, or a program");
}

} // namespace

search_routes::search_routes(node_context& node, catalog_reader catalog)
  : search_(std::move(catalog), node.config.embedding,
            [&node] { return std::make_unique<search_desk>(node); }) {}

void search_routes::add_to(http_server& server) {
  server.route(
    "GET", "/api/search", [this](const http_request& x) { return find(x); },
    http_lane::search);
  server.route(
    "GET", "/api/images/{id}/similar",
    [this](const http_request& x) { return find_similar(x); },
    http_lane::search);
  server.route(
    "GET", "/api/duplicates",
    [this](const http_request& x) { return find_duplicates(x); },
    http_lane::search);
}

http_response search_routes::find(const http_request& request) {
  if (auto refusal = refuse_foreign(request))
    return *refusal;
  query_reader query{request};
  auto text = query.text("q", longest_query);
  auto page = read_page(query);
  std::optional<http_response> refusal;
  auto filter = read_filter(query, {{"q", text}}, refusal);
  if (refusal)
    return *refusal;
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return error_response(400, "bad_input", "q is missing or empty",
                          "say what to search for: ?q=red+bicycle");
  auto found = search_.find(text, filter, page);
  if (!found)
    return error_response(found.error());
  auto out = to_json(*found);
  out["query"] = text;
  out["searched"]["filters"] = filters_of(request);
  return json_response(200, write_json(out));
}

http_response search_routes::find_similar(const http_request& request) {
  query_reader query{request};
  auto page = read_page(query);
  if (auto refusal = query.refusal())
    return *refusal;
  auto id = request.param("id");
  auto found = search_.like(id, page);
  if (!found)
    return error_response(found.error(), "GET /api/images lists what there is");
  auto out = to_json(*found);
  out["imageId"] = id;
  return json_response(200, write_json(out));
}

http_response search_routes::find_duplicates(const http_request& request) {
  query_reader query{request};
  auto distance = query.number("distance", usual_distance, 0, longest_distance);
  auto page = read_page(query);
  if (auto refusal = query.refusal())
    return *refusal;
  auto found = search_.duplicates(static_cast<uint32_t>(distance), page);
  if (!found)
    return error_response(found.error());
  auto out = to_json(*found);
  out["distance"] = distance;
  return json_response(200, write_json(out));
}

} // namespace darkroom

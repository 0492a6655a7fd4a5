#include "services/http/sse_query.hpp"

#include "messages/event.hpp"
#include "services/http/query.hpp"
#include "services/http/sse_cursor.hpp"

#include <string>
#include <vector>

namespace darkroom {

namespace {

constexpr size_t max_text = 8192; // for ids, separated by commas

} // namespace

std::optional<http_response> refuse_stream(const http_request& request) {
  query_reader query{request};
  for (const auto* name : {"imageId", "jobId", "lastEventId"})
    (void)query.text(name, max_text);
  (void)query.number("recent", 0, 0, max_recent);
  std::vector<std::string> known;
  for (auto kind :
       {event_kind::queued, event_kind::active, event_kind::progress,
        event_kind::completed, event_kind::failed})
    known.emplace_back(to_string(kind));
  (void)query.words("type", known);
  return query.refusal();
}

} // namespace darkroom

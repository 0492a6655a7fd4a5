#include "services/http/sse_cursor.hpp"

#include "services/http/query.hpp"

namespace darkroom {

sse_request::sse_request(const http_request& request)
  : filter{split_list(request.arg("imageId"), ','),
           split_list(request.arg("jobId"), ','),
           split_list(request.arg("type"), ',')},
    last_id(request.header("last-event-id")) {
  if (last_id.empty())
    last_id = request.arg("lastEventId");
  // `refuse_stream` has checked it.
  recent = static_cast<uint32_t>(
    query_reader{request}.number("recent", 0, 0, max_recent));
}

} // namespace darkroom

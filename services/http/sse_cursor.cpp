#include "services/http/sse_cursor.hpp"

namespace darkroom {

sse_request::sse_request(const http_request& request)
  : filter{split_list(request.arg("imageId"), ','),
           split_list(request.arg("jobId"), ','),
           split_list(request.arg("type"), ',')},
    last_id(request.header("last-event-id")) {
  if (last_id.empty())
    last_id = request.arg("lastEventId");
}

} // namespace darkroom

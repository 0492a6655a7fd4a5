#include "nodes/api/job_filter_query.hpp"

#include "nodes/api/filter_query.hpp"

namespace darkroom {

namespace {

constexpr size_t longest_error = 500; // bytes

} // namespace

job_filter read_job_filter(query_reader& query,
                           std::optional<http_response>& refusal) {
  job_filter out;
  out.name = query.text("name", longest_filter);
  out.image_id = query.text("imageId", longest_filter);
  auto error = query.text("error", longest_error);
  auto after = query.text("after", longest_time);
  auto before = query.text("before", longest_time);
  refusal = refuse_texts(query, {{"name", out.name},
                                 {"imageId", out.image_id},
                                 {"error", error},
                                 {"after", after},
                                 {"before", before}});
  if (!refusal)
    refusal = read_time_bound("after", after, out.newer_than);
  if (!refusal)
    refusal = read_time_bound("before", before, out.older_than);
  out.set_part(error);
  return out;
}

job_filter read_job_filter(json_body& body) {
  job_filter out;
  out.name = body.text("name", longest_filter);
  out.image_id = body.text("imageId", longest_filter);
  out.newer_than = body.time("after");
  out.older_than = body.time("before");
  out.set_part(body.text("error", longest_error));
  return out;
}

} // namespace darkroom

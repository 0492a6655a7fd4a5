#include "services/trace/run_trace.hpp"

#include "services/json/json.hpp"

namespace darkroom {

run_trace read_run_trace(const std::string& text) {
  run_trace out;
  if (text.empty() || text.size() > longest_run_trace)
    return out;
  auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object())
    return out;
  out.context = parse_trace(text_member(*parsed, "traceparent"),
                            text_member(*parsed, "tracestate"));
  if (auto parent = text_member(*parsed, "parent"); is_span_id(parent))
    out.parent_id = parent;
  auto since = parsed->find("since");
  if (since != parsed->end() && since->is_number_integer())
    out.since = since->get<int64_t>();
  return out;
}

std::string write_run_trace(const run_trace& run) {
  nlohmann::json out{{"traceparent", traceparent_of(run.context)},
                     {"since", run.since}};
  if (!run.context.state.empty())
    out["tracestate"] = run.context.state;
  if (!run.parent_id.empty())
    out["parent"] = run.parent_id;
  return write_json(out);
}

} // namespace darkroom

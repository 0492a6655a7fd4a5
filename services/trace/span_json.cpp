#include "services/trace/span_json.hpp"

#include "services/json/json.hpp"
#include "services/text/one_line.hpp"

#include <charconv>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr size_t longest_text = 1000; // bytes; strangers choose ids and reasons
constexpr int status_error = 2;       // STATUS_CODE_ERROR

std::string cut_text(const std::string& text) {
  return one_line(text, longest_text);
}

/// JSON cannot hold 64 bits, so that OTLP writes them as texts.
json json_of(const span_value& value) {
  if (const auto* number = std::get_if<int64_t>(&value))
    return {{"intValue", std::to_string(*number)}};
  return {{"stringValue", cut_text(std::get<std::string>(value))}};
}

json attribute(const std::string& key, json value) {
  return {{"key", key}, {"value", std::move(value)}};
}

json json_of(const span& x) {
  json out{{"traceId", x.context.trace_id},
           {"spanId", x.context.span_id},
           {"flags", x.context.is_sampled ? 1 : 0},
           {"name", cut_text(x.name)},
           {"kind", static_cast<int>(x.kind)},
           {"startTimeUnixNano", std::to_string(x.began)},
           {"endTimeUnixNano", std::to_string(x.ended)}};
  if (!x.parent_id.empty())
    out["parentSpanId"] = x.parent_id;
  if (!x.context.state.empty())
    out["traceState"] = x.context.state;
  auto attributes = json::array();
  for (const auto& [key, value] : x.attributes)
    attributes.push_back(attribute(key, json_of(value)));
  out["attributes"] = std::move(attributes);
  if (!x.problem.empty())
    out["status"] = {{"code", status_error}, {"message", cut_text(x.problem)}};
  return out;
}

} // namespace

std::string spans_json(const trace_resource& from,
                       const std::vector<span>& spans) {
  auto resource = json::array();
  for (const auto& [key, text] : from)
    resource.push_back(attribute(key, {{"stringValue", cut_text(text)}}));
  auto list = json::array();
  for (const auto& x : spans)
    list.push_back(json_of(x));
  json scope{{"scope", {{"name", "darkroom"}}}, {"spans", std::move(list)}};
  json of_process{{"resource", {{"attributes", std::move(resource)}}},
                  {"scopeSpans", json::array({std::move(scope)})}};
  return write_json({{"resourceSpans", json::array({std::move(of_process)})}});
}

partial_success read_export_answer(const std::string& body) {
  partial_success out;
  auto parsed = parse_json(body);
  if (!parsed || !parsed->is_object())
    return out;
  auto part = parsed->value("partialSuccess", json{});
  if (!part.is_object())
    return out;
  out.why = cut_text(text_member(part, "errorMessage"));
  auto rejected = part.value("rejectedSpans", json{});
  if (rejected.is_number_unsigned())
    out.rejected = rejected.get<uint64_t>();
  auto text = text_member(part, "rejectedSpans");
  std::from_chars(text.data(), text.data() + text.size(), out.rejected);
  return out;
}

} // namespace darkroom

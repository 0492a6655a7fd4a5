#include "actors/jobs/diagnostic_jobs.hpp"

#include "actors/jobs/image_job.hpp"
#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

/// The job's data as a JSON object. Other data fail for good.
result<json> object_of(const job& work) {
  auto data = parse_json(work.data);
  if (!data)
    return fail(ec::bad_input, "job data is " + data.error().context);
  if (!data->is_object())
    return fail(ec::bad_input, "job data is not a JSON object");
  return data;
}

int64_t number_of(const json& data, const char* key) {
  auto found = data.find(key);
  return found != data.end() && found->is_number() ? found->get<int64_t>() : 0;
}

} // namespace

outcome run_echo(job_context& context) {
  auto data = parse_json(context.work.data);
  if (!data)
    return failed(context.work,
                  fail(ec::bad_input, "job data is " + data.error().context));
  return completed(context.work, context.work.data); // the unchanged bytes
}

outcome run_sleep(job_context& context) {
  auto data = object_of(context.work);
  if (!data)
    return failed(context.work, data.error());
  auto ms = number_of(*data, "ms");
  for (int part = 1; part <= 4; ++part) {
    if (!context.control.sleep_for(std::chrono::milliseconds{ms / 4}))
      return failed(context.work, fail(ec::cancelled, "sleep was cut short"));
    context.progress(25 * part);
  }
  return completed(context.work, write_json({{"slept", ms}}));
}

outcome run_flaky(job_context& context) {
  auto data = object_of(context.work);
  if (!data)
    return failed(context.work, data.error());
  if (context.work.attempts_made < number_of(*data, "failTimes"))
    return failed(context.work, fail(ec::upstream_failed, "flaky"));
  return completed(context.work, R"({"ok":true})");
}

outcome run_crash(job_context& context) {
  auto data = object_of(context.work);
  if (!data)
    return failed(context.work, data.error());
  return failed(context.work,
                fail(ec::upstream_failed, text_member(*data, "message")));
}

outcome run_fatal(job_context& context) {
  auto data = object_of(context.work);
  if (!data)
    return failed(context.work, data.error());
  return failed(context.work,
                fail(ec::upstream_refused, text_member(*data, "message")));
}

outcome run_log(job_context& context) {
  auto data = object_of(context.work);
  if (!data)
    return failed(context.work, data.error());
  auto lines = data->value("lines", json::array());
  for (const auto& line : lines)
    context.log(line.is_string() ? line.get<std::string>() : write_json(line));
  return completed(context.work, write_json({{"lines", lines.size()}}));
}

outcome run_chain(job_context& context) {
  auto data = object_of(context.work);
  if (!data)
    return failed(context.work, data.error());
  auto next = data->value("next", json::object());
  auto out = completed(context.work, R"({"id":"$chained"})");
  new_job chained;
  chained.name = text_member(next, "name");
  chained.data = write_json(next.value("data", json::object()));
  chained.options = R"({"attempts":0})";
  out.chained.push_back(std::move(chained));
  return out;
}

outcome run_codec_crash(job_context& context) {
  cancel_guard guard{context};
  return failed(context.work,
                context.tools->codec->crash(deadline_of(context)).error());
}

outcome run_codec_hang(job_context& context) {
  cancel_guard guard{context};
  return failed(context.work,
                context.tools->codec->hang(deadline_of(context)).error());
}

} // namespace darkroom

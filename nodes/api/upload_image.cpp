/// Uploads over HTTP: one picture as the body, or a form with several.
#include "actors/jobs/job_type.hpp"
#include "config/clock.hpp"
#include "nodes/api/image_routes.hpp"
#include "services/http/query.hpp"
#include "services/json/json.hpp"
#include "services/random/random_id.hpp"
#include "services/redis/job_options.hpp"
#include "services/storage/names.hpp"
#include "services/trace/request_span.hpp"

#include <algorithm>
#include <filesystem>

namespace darkroom {

namespace {

using nlohmann::json;
using known_list = std::vector<std::optional<known_image>>;

constexpr size_t max_key = 255;
constexpr size_t max_name = 4096; // bytes of `?name=`; fewer are kept
constexpr const char* away = "the pictures are stored; their jobs are added "
                             "when Redis is back: do not send them again";

/// The parameters and headers of an upload.
struct upload_order {
  bool may_repeat = false;
  std::string key;
};

/// @returns a refusal if they do not parse
std::optional<http_response> read_order(const http_request& request,
                                        upload_order& out) {
  query_reader query{request};
  (void)query.text("name", max_name);
  out.may_repeat = query.word("duplicate", "find", {"find", "allow"})
                   == "allow";
  if (auto refusal = query.refusal())
    return refusal;
  out.key = request.header("idempotency-key");
  auto is_plain = [](char c) {
    return c > ' ' && c < 0x7f;
  };
  if (out.key.size() > max_key
      || !std::all_of(out.key.begin(), out.key.end(), is_plain))
    return error_response(400, "bad_input",
                          "the Idempotency-Key is not 1 to 255 visible ASCII "
                          "characters",
                          "a UUID does");
  return std::nullopt;
}

upload_batch batch_of(const upload_pictures& pictures,
                      const upload_order& order) {
  upload_batch out;
  out.key = order.key;
  out.sha256 = pictures.sha256();
  for (const auto& x : pictures.all()) {
    new_image image;
    image.id = random_id();
    image.file_path = original_name(image.id, x.extension);
    image.original_name = x.original_name;
    image.sha256 = x.sha256;
    image.may_repeat = order.may_repeat;
    auto data
      = write_json({{"imageId", image.id}, {"filePath", image.file_path}});
    for (const auto* type : upload_job_types()) {
      new_job job;
      // A fixed id, so that a repeated upload adds no second job.
      job.id = image.id + '-' + to_string(*type->part);
      job.name = type->name;
      job.data = data;
      image.jobs.push_back(std::move(job));
    }
    out.images.push_back(std::move(image));
  }
  return out;
}

json to_json(const known_image& x) {
  json out{{"imageId", x.id},
           {"filePath", x.file_path},
           {"status", x.status},
           {"duplicate", true},
           {"jobs", json::array()}};
  if (!x.original_name.empty())
    out["originalName"] = x.original_name;
  return out;
}

json to_json(const new_image& x) {
  auto jobs = json::array();
  for (const auto& job : x.jobs)
    jobs.push_back({{"id", job.id}, {"name", job.name}});
  json out{{"imageId", x.id}, {"filePath", x.file_path}, {"jobs", jobs}};
  if (!x.original_name.empty())
    out["originalName"] = x.original_name;
  return out;
}

/// One picture gives an object, several give a list.
kept_answer answer_of(const upload_batch& batch, const known_list& known,
                      bool is_queued) {
  auto images = json::array();
  auto is_new = false;
  for (size_t i = 0; i < batch.images.size(); ++i) {
    is_new |= !known[i];
    images.push_back(known[i] ? to_json(*known[i]) : to_json(batch.images[i]));
  }
  auto out = images.size() == 1 ? std::move(images[0])
                                : json{{"images", std::move(images)}};
  if (is_new && !is_queued)
    out.update({{"queued", false}, {"message", away}});
  return {!is_new ? 200 : is_queued ? 201 : 202, write_json(out)};
}

http_response response_of(const kept_answer& answer) {
  return json_response(static_cast<unsigned>(answer.status), answer.body);
}

} // namespace

void image_routes::add_upload_to(http_server& server) {
  upload_route upload;
  upload.begin = [this](const http_request& x) {
    return begin_upload(x);
  };
  upload.finish = [this](const http_request& x, const std::string& path,
                         uint64_t) {
    return finish_upload(x, path);
  };
  server.upload("/api/images", upload);
}

upload_decision image_routes::begin_upload(const http_request& request) {
  upload_order order;
  auto refusal = refuse_without_catalog();
  if (!refusal)
    refusal = read_order(request, order);
  if (refusal)
    return {{}, std::move(refusal)};
  // A staged file with a unique name; its bytes decide later what it is.
  auto name = upload_name(original_name(random_id(), "upload"));
  auto path = aside_.resolve(name);
  if (!path)
    return {{}, error_response(path.error())};
  std::error_code failure;
  std::filesystem::create_directories(
    std::filesystem::path{*path}.parent_path(), failure);
  if (failure)
    return {{},
            error_response(
              fail(ec::storage_failed,
                   "cannot make the folder of uploads: " + failure.message()))};
  return {*path, {}};
}

http_response image_routes::finish_upload(const http_request& request,
                                          const std::string& path) {
  auto span = request_span(node_.tracing, request);
  upload_pictures pictures{aside_, path, node_.config.imaging.formats};
  upload_order order;
  if (auto refusal = read_order(request, order))
    return *refusal;
  if (auto refusal = pictures.read(request))
    return *refusal;
  auto batch = batch_of(pictures, order);
  auto outcome = store(batch, pictures);
  if (!outcome)
    return error_response(outcome.error());
  if (outcome->is_other_body)
    return error_response(422, "key_reused",
                          "this Idempotency-Key was used for other bytes",
                          "give each upload its own key");
  return outcome->is_replay ? response_of(outcome->answer)
                            : add_jobs(batch, *outcome, span.context());
}

result<upload_outcome> image_routes::store(const upload_batch& batch,
                                           const upload_pictures& pictures) {
  auto is_sent = storage_->writes_at_once();
  if (auto done = is_sent ? send(batch, pictures) : status{ok}; !done)
    return std::move(done.error());
  auto publish = [&](const known_list& known) -> status {
    for (size_t i = 0; !is_sent && i < known.size(); ++i)
      if (auto done = known[i] ? status{ok} : publish_one(batch, pictures, i);
          !done)
        return done;
    return ok;
  };
  auto answer = [&batch](const known_list& known) {
    return answer_of(batch, known, false);
  };
  auto stored = [&] {
    std::lock_guard guard{book_mutex_};
    return book_.add(batch, wall_clock_ms(), publish, answer);
  }();
  if (stored && !is_sent)
    return stored;
  // Deletes the files, as they have no rows. They stay if the catalog cannot
  // tell.
  for (const auto& x : batch.images)
    if (auto there = reader_.image(x.id);
        !there && there.error().code == ec::not_found)
      (void)storage_->remove_image(x.id, {x.file_path}, {});
  return stored;
}

/// While Redis hangs, one upload waits for it; all others leave their jobs to
/// the drainer at once.
bool image_routes::add(const std::vector<new_job>& jobs, int64_t created_at) {
  if (jobs.empty())
    return true;
  if (outbox_.is_behind())
    return false;
  std::lock_guard guard{adder_mutex_};
  // Another upload may have noticed it while this one waited for the lock.
  if (outbox_.is_behind())
    return false;
  auto added = adder_.add(jobs, created_at);
  if (!added)
    outbox_.wake();
  return static_cast<bool>(added);
}

http_response image_routes::add_jobs(const upload_batch& batch,
                                     const upload_outcome& outcome,
                                     const trace_context& trace) {
  std::vector<new_job> jobs;
  for (size_t i = 0; i < batch.images.size(); ++i)
    if (!outcome.known[i])
      jobs.insert(jobs.end(), batch.images[i].jobs.begin(),
                  batch.images[i].jobs.end());
  const auto options = with_trace_carrier(
    default_job_options(node_.config.jobs), write_carrier(trace));
  for (auto& x : jobs)
    x.options = options;
  auto answer = answer_of(batch, outcome.known, true);
  if (!jobs.empty()) {
    // With the time of their images, so that a deletion in between makes the
    // jobs void.
    auto waiting = [&] {
      std::lock_guard guard{book_mutex_};
      return book_.still_waiting(jobs);
    }();
    if (!waiting || !add(*waiting, outcome.created_at)) {
      outbox_.wake();
      return response_of(answer_of(batch, outcome.known, false));
    }
  }
  std::lock_guard guard{book_mutex_};
  if (!book_.added(jobs, batch.key, answer))
    outbox_.wake(); // adds them again; for known ids that changes nothing
  return response_of(answer);
}

} // namespace darkroom

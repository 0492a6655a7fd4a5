#include "tests/support/fake_job_tools.hpp"

namespace darkroom {

status fake_codec::answer(const std::string& path) {
  paths.push_back(path);
  if (on_request)
    on_request();
  if (cancels > 0)
    return fail(ec::cancelled, "the codec was killed");
  if (failure)
    return error{*failure};
  return ok;
}

result<picture_analysis> fake_codec::analyse(const std::string& path,
                                             time_point, uint32_t vision_edge) {
  vision_edges.push_back(vision_edge);
  if (auto done = answer(path); !done)
    return std::move(done.error());
  return analysis;
}

result<std::vector<encoded_variant>>
fake_codec::variants(const std::string& path, time_point,
                     const variant_wishes& asked) {
  wishes = asked;
  if (auto done = answer(path); !done)
    return std::move(done.error());
  auto told = origin;
  if (!wishes.is_hashed)
    told.content_hash = told.recipe_hash = "";
  if (wishes.opened && !wishes.opened(told))
    return std::vector<encoded_variant>{};
  if (wishes.decoded)
    wishes.decoded(small);
  ++encodes;
  if (wishes.progress)
    wishes.progress(0.5);
  return encoded;
}

status fake_codec::crash(time_point) {
  return fail(ec::codec_crashed, "crash");
}

status fake_codec::hang(time_point) {
  return fail(ec::codec_timeout, "hang");
}

void fake_codec::cancel() {
  ++cancels;
}

const std::string& fake_storage::root() const {
  static const std::string root = "/uploads";
  return root;
}

status fake_storage::check_name(const std::string& name) const {
  if (name.find("..") != std::string::npos)
    return fail(ec::forbidden_path, name + " leaves its folder");
  return ok;
}

result<original_file> fake_storage::fetch(const std::string& name,
                                          const std::atomic<bool>*) const {
  return original_file{root() + '/' + name};
}

result<staged_file> fake_storage::stage(const std::string& final_name,
                                        const attempt_stamp& stamp,
                                        std::string_view) const {
  if (log->staged.size() >= log->room)
    return fail(ec::storage_failed, "/uploads/" + final_name + ": no space");
  log->staged.push_back(final_name);
  log->stamps.push_back(stamp);
  return staged_file{final_name + ".staged", final_name};
}

result<staged_file> fake_storage::stage_same(const std::string& final_name,
                                             const attempt_stamp& stamp,
                                             const staged_file&) const {
  if (!log->has_links)
    return fail(ec::storage_failed, "no links here");
  log->links.push_back(final_name);
  return stage(final_name, stamp, {});
}

result<staged_file> fake_storage::stage_known(const std::string& final_name,
                                              const attempt_stamp& stamp,
                                              const std::string& known,
                                              uint64_t) const {
  for (const auto& x : log->gone)
    if (x == known)
      return fail(ec::not_found, known + " is gone");
  log->known.push_back(known);
  return stage(final_name, stamp, {});
}

status fake_storage::remove_attempt(const std::string&,
                                    const attempt_stamp&) const {
  ++log->removals;
  log->staged.clear();
  return ok;
}

job_fixture::job_fixture(const std::string& job_name) {
  config.vision.provider = "local";
  config.vision.models = DARKROOM_SOURCE_DIR "/tests"; // has none: is quick
  work.id = "7";
  work.token = "t";
  work.name = job_name;
  work.timestamp = 77;
  work.attempt = 2;
  work.data = R"({"imageId":"cat","filePath":"pets/cat.jpg"})";
  prepare();
}

void job_fixture::prepare() {
  auto pictures = std::make_unique<fake_codec>();
  auto storage = std::make_unique<fake_storage>();
  codec = pictures.get();
  files = storage->log;
  tools = std::make_unique<job_tools>(
    config, std::move(pictures), std::move(storage),
    std::make_shared<shared_embedder>(make_embedder));
}

outcome job_fixture::run() {
  job_context context{work,
                      tools.get(),
                      control,
                      [this](job_update x) { progress.push_back(x.value); },
                      &desk,
                      [this](const result_query& query) {
                        queries.push_back(query);
                        return known;
                      }};
  return run_job(find_job_type(work.name, false), context);
}

outcome job_fixture::run_with_codec_error(ec code) {
  codec->failure = error{code, "the codec says why"};
  return run();
}

outcome job_fixture::run_and_cancel() {
  codec->on_request = [this] {
    control.cancel();
  };
  return run();
}

} // namespace darkroom

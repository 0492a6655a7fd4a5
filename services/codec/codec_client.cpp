#include "services/codec/codec_client.hpp"

#include "services/codec/effort.hpp"
#include "services/codec/encoding.hpp"
#include "services/codec/picture_file.hpp"
#include "services/codec/plan_memory.hpp"
#include "services/codec/recipe.hpp"
#include "services/process/program_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace darkroom {

namespace {

bool is_before(const encoded_variant& a, const encoded_variant& b) {
  return std::pair{b.file.width, a.format} < std::pair{a.file.width, b.format};
}

} // namespace

std::string default_codec_program() {
  std::error_code ignored;
  auto beside = program_folder() / "darkroom-codec";
  auto installed = install_prefix() / "lib" / "darkroom" / "darkroom-codec";
  auto is_installed = !std::filesystem::exists(beside, ignored)
                      && std::filesystem::exists(installed, ignored);
  return is_installed ? installed : beside;
}

codec_client::codec_client(imaging_settings settings, std::string program,
                           std::shared_ptr<codec_budget> budget)
  : settings_(std::move(settings)),
    budget_(budget ? std::move(budget)
                   : std::make_shared<codec_budget>(codec_capacity{})),
    talk_(std::move(program), settings_, budget_->tally()) {}

result<picture_analysis> codec_client::analyse(const std::string& path,
                                               time_point deadline,
                                               uint32_t vision_edge) {
  talk_.set_vision_edge(vision_edge > 0 ? vision_edge : settings_.vision_edge);
  picture_analysis out;
  auto work = [&](const codec_response& opened, share& mine) -> status {
    out.facts = opened.facts;
    if (auto ready = wait_for_room(mine, opened.memory_bytes); !ready)
      return ready;
    auto got = exchange({.operation = codec_operation::analyse});
    if (!got)
      return std::move(got.error());
    out.small = std::move(got->small);
    out.vision_jpeg = std::move(got->vision_jpeg);
    return ok;
  };
  if (auto done = with_picture({"analyse", path, deadline}, work); !done)
    return std::move(done.error());
  return out;
}

result<std::vector<encoded_variant>>
codec_client::variants(const std::string& path, time_point deadline,
                       const variant_wishes& wishes) {
  std::vector<encoded_variant> out;
  variant_origin origin;
  auto work = [&](const codec_response& opened, share& mine) -> status {
    auto effort = wishes.avif_effort.value_or(
      choose_effort(settings_, opened.facts, wishes.waiting));
    auto plan = plan_files(opened.facts, settings_, effort);
    origin.avif_effort = effort;
    if (wishes.is_hashed)
      origin.recipe_hash = recipe_hash(plan, settings_, opened.libraries);
    if (wishes.opened && !wishes.opened(origin))
      return ok;
    auto memory = opened.memory_bytes
                  + memory_of(plan, opened.facts, budget_->capacity().cores);
    if (auto ready = wait_for_room(mine, memory); !ready)
      return ready;
    return make_files(std::move(plan), mine, wishes, out);
  };
  auto hash = wishes.is_hashed ? &origin.content_hash : nullptr;
  if (auto done = with_picture({"variants", path, deadline, hash}, work); !done)
    return std::move(done.error());
  std::sort(out.begin(), out.end(), is_before);
  return out;
}

// Decodes the picture and encodes its files.
status codec_client::make_files(std::vector<planned_file> plan, share& mine,
                                const variant_wishes& wishes,
                                std::vector<encoded_variant>& out) {
  auto decoded
    = exchange({.operation = codec_operation::decode, .order = box_of(plan)});
  if (!decoded)
    return std::move(decoded.error());
  const auto& small = decoded->small;
  if (std::max(small.width, small.height) > marks_edge || small.pixels.empty())
    return talk_.distrust("it made a small picture of another size");
  if (wishes.decoded)
    wishes.decoded(small);
  encoding run{talk_, mine, std::move(plan), wishes};
  auto done = run.finish();
  out = run.take();
  return done;
}

result<std::string> codec_client::libraries(const std::string& path,
                                            time_point deadline) {
  std::string out;
  auto work = [&out](const codec_response& opened, share&) -> status {
    out = opened.libraries;
    return ok;
  };
  if (auto done = with_picture({"libraries", path, deadline}, work); !done)
    return std::move(done.error());
  return out;
}

status codec_client::crash(time_point deadline) {
  auto got = ask(codec_operation::crash, deadline);
  if (!got)
    return std::move(got.error());
  return ok;
}

status codec_client::hang(time_point deadline) {
  auto got = ask(codec_operation::hang, deadline);
  if (!got)
    return std::move(got.error());
  return ok;
}

result<sandbox_report> codec_client::sandbox(time_point deadline) {
  auto got = ask(codec_operation::walls, deadline);
  if (!got)
    return std::move(got.error());
  return std::move(got->sandbox);
}

// A request without a picture.
result<codec_response> codec_client::ask(codec_operation operation,
                                         time_point deadline) {
  if (auto begun = talk_.begin(to_string(operation), deadline); !begun)
    return std::move(begun.error());
  auto got = exchange({.operation = operation});
  auto ended = talk_.end(got ? status{ok} : std::move(got.error()));
  if (!ended)
    return std::move(ended.error());
  return got;
}

result<codec_response> codec_client::exchange(codec_request request) {
  if (auto sent = talk_.send(std::move(request)); !sent)
    return std::move(sent.error());
  return talk_.receive();
}

// Opens the picture, does `work`, and closes the picture.
status codec_client::with_picture(const picture_task& task,
                                  const picture_work& work) {
  auto file = picture_file::open(task.path, settings_.max_bytes);
  if (!file)
    return std::move(file.error());
  if (task.content_hash)
    file->hash_reads();
  auto begun = talk_.begin("'" + task.path + "' (" + task.name + ")",
                           task.deadline);
  if (!begun)
    return begun;
  auto run = [&]() -> status {
    share mine{budget_};
    auto sent = talk_.send({.operation = codec_operation::open}, &*file);
    if (!sent)
      return sent;
    if (task.content_hash)
      *task.content_hash = file->sha256(); // of the bytes that were sent
    auto opened = talk_.receive();
    if (!opened)
      return std::move(opened.error());
    return work(*opened, mine);
  };
  auto done = run();
  // Lets the child free the picture, also one that it refused. If it has died
  // since, what it made is good all the same; end() replaces it.
  if (talk_.is_usable())
    (void)talk_.send({.operation = codec_operation::close});
  return talk_.end(std::move(done));
}

// Waits until the picture may be decoded: for memory, then for one core.
status codec_client::wait_for_room(share& mine, uint64_t memory) {
  mine.want_memory(memory);
  auto is_core_wanted = false;
  while (mine.cores() == 0) {
    if (mine.has_memory() && !std::exchange(is_core_wanted, true)) {
      mine.want_cores(1);
      continue;
    }
    auto answers = talk_.wait_for_answer_or(mine.ready_fd());
    if (!answers)
      return std::move(answers.error());
    if (*answers) // the child has died
      if (auto got = talk_.receive(); !got)
        return std::move(got.error());
    mine.clear();
  }
  return ok;
}

} // namespace darkroom

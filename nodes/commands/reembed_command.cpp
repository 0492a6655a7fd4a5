/// `darkroom reembed`: makes vectors again that are stale or missing, or those
/// of another model, which is searched once it has all of them.
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/commands/space_filler.hpp"
#include "services/catalog/catalog.hpp"
#include "services/embedding/text_embedder.hpp"
#include "services/log/log.hpp"
#include "services/terminal/progress_bar.hpp"
#include "services/text/shown_json.hpp"

#include <thread>

namespace darkroom {

namespace {

constexpr std::chrono::milliseconds look_every{500};

struct reembed_flags {
  command_flags common;
  std::string model;
  bool is_stale = false;
  bool is_hurried = false;
  bool is_json = false;
};

/// The space to fill: that of `--to`, of the settings, or with --stale the one
/// that is searched.
result<vector_space> space_to_fill(const settings& config,
                                   catalog_reader& catalog,
                                   const reembed_flags& flags) {
  auto state = catalog.state();
  if (!state)
    return std::move(state.error());
  auto wanted = flags.is_stale ? state->space.model : flags.model;
  if (flags.is_stale && wanted.empty())
    return fail(ec::not_found, "no picture has a vector yet, so none is stale");
  auto embedder = make_embedder(config.embedding, wanted);
  if (!embedder)
    return std::move(embedder.error());
  vector_space made{(*embedder)->host(), (*embedder)->model(),
                    (*embedder)->dimensions()};
  if (flags.is_stale && made != state->space)
    return fail(ec::bad_config,
                "space " + to_string(state->space)
                  + " is searched, but [embedding] makes vectors of "
                  + to_string(made)
                  + "; run darkroom reembed, without --stale, to fill that");
  return made;
}

void print_end(const vector_space& space, const fill_state& now,
               bool is_searched) {
  auto texts = counted(static_cast<uint64_t>(now.space.images), "picture");
  if (now.failed == 0 && is_searched)
    tell("space " + to_string(space) + " is searched: " + texts
         + (now.space.images == 1 ? " has" : " have")
         + " a fresh vector in it");
  else if (now.failed == 0)
    tell(std::to_string(now.space.fresh) + " of " + texts
         + " have a fresh vector in space " + to_string(space) + "; "
         + counted(static_cast<uint64_t>(now.added), "job") + " added, "
         + std::to_string(now.existed) + " waited already");
  else
    tell(counted(static_cast<uint64_t>(now.failed), "picture") + " of "
         + std::to_string(now.space.images) + " got no vector in space "
         + to_string(space)
         + ", so the search stays as it was: see `darkroom jobs --state "
           "failed`, then run this again");
}

/// Waits until all pictures have their vectors, or their jobs have failed.
status fill(space_filler& filler) {
  progress_bar bar{"picture"};
  for (;;) {
    auto done = filler.look();
    if (!done) {
      bar.clear();
      return done;
    }
    const auto& now = filler.state();
    if (now.is_over())
      break;
    bar.show(static_cast<uint64_t>(now.space.fresh),
             static_cast<uint64_t>(now.space.images));
    std::this_thread::sleep_for(look_every);
  }
  bar.clear();
  return ok;
}

/// Fills the space until nothing is missing, and switches to it.
/// @returns whether it is searched now
result<bool> fill_and_switch(space_filler& filler, const settings& config,
                             const vector_space& space) {
  for (;;) {
    if (auto added = filler.add_jobs(); !added)
      return std::move(added.error());
    if (auto filled = fill(filler); !filled)
      return std::move(filled.error());
    if (filler.state().failed > 0)
      return false;
    auto writer = catalog::open(config.catalog);
    if (!writer)
      return std::move(writer.error());
    auto switched = writer->search_in(space);
    if (switched)
      return true;
    if (switched.error().code != ec::conflict) // a picture came meanwhile
      return std::move(switched.error());
  }
}

int run_reembed(const reembed_flags& flags) {
  if (flags.is_stale && !flags.model.empty()) {
    note("--stale and --to exclude each other; see darkroom reembed --help");
    return exit_usage;
  }
  auto config = load_queue_or_exit(flags.common);
  start_log("warn"); // before a catalog or a model is opened
  auto reader = catalog_reader::open(config.catalog);
  if (!reader)
    return report(reader.error());
  auto space = space_to_fill(config, *reader, flags);
  if (!space)
    return report(space.error());
  space_filler filler{config, *reader, *space};
  result<bool> searched = false;
  if (flags.is_hurried) {
    auto done = filler.add_jobs();
    if (done)
      done = filler.look();
    if (!done)
      return report(done.error());
  } else {
    searched = fill_and_switch(filler, config, *space);
    if (!searched)
      return report(searched.error());
  }
  const auto& now = filler.state();
  if (flags.is_json)
    say(shown_json({{"space", to_string(*space)},
                    {"pictures", now.space.images},
                    {"fresh", now.space.fresh},
                    {"failed", now.failed},
                    {"added", now.added},
                    {"existed", now.existed},
                    {"searched", *searched}}));
  else
    print_end(*space, now, *searched);
  return now.failed > 0 ? exit_failed : exit_ok;
}

} // namespace

void add_reembed_command(CLI::App& program) {
  auto* reembed = program.add_subcommand(
    "reembed", "makes vectors again, or those of another model");
  auto flags = std::make_shared<reembed_flags>();
  flags->common.add_to(*reembed);
  flags->common.add_setting(*reembed, "--queue", "queue.name", "the queue");
  reembed
    ->add_option("--to", flags->model,
                 "this model instead of that of [embedding]")
    ->type_name("MODEL");
  reembed->add_flag("--stale", flags->is_stale,
                    "only what is stale or missing in the searched space");
  reembed->add_flag("--no-wait", flags->is_hurried,
                    "add the jobs and end; run it again later to switch");
  reembed->add_flag("--json", flags->is_json, "answer as JSON");
  reembed->final_callback([flags] { std::exit(run_reembed(*flags)); });
}

} // namespace darkroom

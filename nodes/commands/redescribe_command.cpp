/// `darkroom redescribe`: has pictures described again that a lower provider of
/// the list described.
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/remake/redescribe.hpp"
#include "services/text/shown_json.hpp"

namespace darkroom {

namespace {

struct redescribe_flags {
  command_flags common;
  bool is_json = false;
};

int run_redescribe(const redescribe_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  auto most = most_redescribed(config);
  if (!most)
    return report(most.error());
  if (*most == 0)
    return report(error{
      ec::conflict, "the first provider rests, so nothing was added: wait, or "
                    "end the rest with `darkroom resume vision`"});
  auto count = redescribe(config, *most);
  if (!count)
    return report(count.error());
  if (flags.is_json)
    say(shown_json({{"added", count->added},
                    {"existed", count->existed},
                    {"missing", count->missing}}));
  else if (count->added + count->existed + count->missing == 0)
    say("the first provider of the list described every picture");
  else
    say(counted(count->added, "picture")
        + " will be described again, when no other job waits" + rest_of(*count)
        + (*most == 1 && count->added == 1
             ? "; its call shows whether the first provider works "
               "again: then call this once more"
             : ""));
  return exit_ok;
}

} // namespace

void add_redescribe_command(CLI::App& program) {
  auto* redescribe = program.add_subcommand(
    "redescribe", "describes pictures again that a lower provider of "
                  "[[vision.providers]] described");
  auto flags = std::make_shared<redescribe_flags>();
  flags->common.add_to(*redescribe);
  flags->common.add_setting(*redescribe, "--queue", "queue.name", "the queue");
  redescribe->add_flag("--json", flags->is_json, "answer as JSON");
  redescribe->final_callback([flags] { std::exit(run_redescribe(*flags)); });
}

} // namespace darkroom

/// `darkroom webhooks`: calls of the webhook that wait or were given up.
#include "config/clock.hpp"
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/confirm.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/flag_values.hpp"
#include "services/json/member.hpp"
#include "services/notify/webhook_book.hpp"
#include "services/redis/explain_text.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

struct webhooks_flags {
  command_flags common;
  std::string action = "list";
  bool is_sure = false;
  bool is_json = false;
};

json to_json(const webhook_call& x) {
  return {{"id", x.id},
          {"since", x.since},
          {"attempts", x.attempts},
          {"error", x.why},
          {"body", json_or_text(x.body)}};
}

int run_list(webhook_book& book, bool is_json) {
  auto waiting = book.waiting();
  if (!waiting)
    return report(waiting.error());
  auto dead = book.dead();
  if (!dead)
    return report(dead.error());
  if (is_json) {
    auto list = json::array();
    for (const auto& x : *dead)
      list.push_back(to_json(x));
    say(shown_json({{"waiting", *waiting}, {"dead", std::move(list)}}));
    return exit_ok;
  }
  say(counted(*waiting, "call") + " still to be made, "
      + std::to_string(dead->size()) + " given up");
  if (dead->empty())
    return exit_ok;
  text_table table{{"id", "since", "attempts", "failure"}};
  for (const auto& x : *dead)
    table.add({x.id, local_time(x.since), std::to_string(x.attempts), x.why});
  say_table(table);
  return exit_ok;
}

int report_done(const result<uint64_t>& done, const char* word, bool is_json) {
  if (!done)
    return report(done.error());
  say(is_json ? shown_json({{word, *done}})
              : counted(*done, "call") + " " + word);
  return exit_ok;
}

int run_webhooks(const webhooks_flags& flags) {
  auto config = flags.common.load_or_exit().values;
  webhook_book book{config.redis, config.queue};
  if (flags.action == "list")
    return run_list(book, flags.is_json);
  auto noted = [&config, &flags](int code) {
    return note_deed(config, {"darkroom webhooks " + flags.action,
                              config.queue.name, code});
  };
  if (flags.action == "retry")
    return noted(
      report_done(book.revive(wall_clock_ms()), "retried", flags.is_json));
  if (auto sure = confirm("removes all calls of the webhook that were given up",
                          flags.is_sure);
      !sure)
    return report(sure.error());
  return noted(report_done(book.clear(), "removed", flags.is_json));
}

} // namespace

void add_webhooks_command(CLI::App& program) {
  auto* webhooks = program.add_subcommand(
    "webhooks", "calls of the webhook that wait or were given up");
  auto flags = std::make_shared<webhooks_flags>();
  flags->common.add_to(*webhooks);
  flags->common.add_setting(*webhooks, "--queue", "queue.name", "the queue");
  add_word(*webhooks, "action", flags->action,
           {"action",
            {"list", "retry", "clear"},
            {{"show", "list"}, {"redrive", "retry"}, {"remove", "clear"}}},
           "list (default); retry: makes those that were given up again; "
           "clear: removes them");
  webhooks->add_flag("--yes", flags->is_sure, "clear without asking");
  webhooks->add_flag("--json", flags->is_json, "answer as JSON");
  webhooks->final_callback([flags] { std::exit(run_webhooks(*flags)); });
}

} // namespace darkroom

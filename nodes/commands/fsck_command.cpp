/// `darkroom fsck`: compares catalog, queue and files, and repairs what
/// contradicts.
#include "config/words.hpp"
#include "nodes/command.hpp"
#include "nodes/commands/deed_note.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/remake/fsck.hpp"
#include "services/log/log.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

#include <algorithm>
#include <optional>

namespace darkroom {

namespace {

using nlohmann::json;

struct fsck_flags {
  command_flags common;
  std::vector<std::string> classes;
  std::optional<std::chrono::milliseconds> grace;
  bool is_dry = false;
  bool is_json = false;
};

known_words known_classes() {
  known_words out{"drift", {}, {}};
  for (auto which : all_drift_classes())
    out.words.emplace_back(to_string(which));
  return out;
}

/// The classes that are named; all of them if none is.
result<per_drift<bool>> wanted_of(const std::vector<std::string>& names) {
  if (names.empty())
    return every_drift();
  per_drift<bool> out{};
  for (const auto& name : names) {
    auto which = to_drift_class(name);
    if (!which)
      return fail(ec::bad_input,
                  "--class " + judge_word(name, known_classes()));
    out[static_cast<size_t>(*which)] = true;
  }
  return out;
}

json to_json(const drift_report& report, const per_drift<bool>& wanted,
             bool is_dry) {
  auto classes = json::array();
  for (auto which : all_drift_classes()) {
    if (!wanted[static_cast<size_t>(which)])
      continue;
    const auto& x = report.at(which);
    json row{{"class", to_string(which)},
             {"found", x.found},
             {"repaired", x.repaired},
             {"examples", x.examples}};
    if (!x.trouble.empty())
      row["error"] = x.trouble;
    classes.push_back(std::move(row));
  }
  json out{{"dryRun", is_dry},      {"images", report.images},
           {"jobs", report.jobs},   {"files", report.files},
           {"left", report.left()}, {"classes", std::move(classes)}};
  if (!report.no_files.empty())
    out["error"] = report.no_files;
  return out;
}

void print(const drift_report& report, bool is_dry) {
  text_table table{{"class", "found", "repaired", "examples"}};
  for (auto which : all_drift_classes())
    if (const auto& x = report.at(which); x.found > 0)
      table.add({to_string(which), std::to_string(x.found),
                 is_dry ? "-" : std::to_string(x.repaired),
                 joined(x.examples, "; ", "; ")});
  for (const auto& line : table.lines())
    say(line);
  auto looked = "looked at " + counted(report.images, "picture") + ", "
                + counted(report.jobs, "unfinished job") + " and "
                + counted(report.files, "file") + ": ";
  auto found = uint64_t{0};
  for (const auto& x : report.classes)
    found += x.found;
  say(looked
      + (found == 0 ? "all agree"
         : is_dry   ? std::to_string(found) + " found, nothing changed"
                    : std::to_string(found) + " found, "
                      + std::to_string(found - report.left()) + " repaired"));
  for (auto which : all_drift_classes())
    if (const auto& x = report.at(which); !x.trouble.empty())
      note(std::string{to_string(which)} + ": " + x.trouble);
  if (!report.no_files.empty())
    note(report.no_files);
}

int run_fsck(const fsck_flags& flags) {
  auto wanted = wanted_of(flags.classes);
  if (!wanted) {
    note(wanted.error().context);
    return exit_usage;
  }
  auto config = load_queue_or_exit(flags.common);
  start_log("warn"); // before the catalog is opened
  fsck_options options;
  options.grace = flags.grace.value_or(config.fsck.grace);
  options.repairs = !flags.is_dry;
  options.wanted = *wanted;
  auto reconciler = open_reconciler(config, options);
  if (!reconciler)
    return report(reconciler.error());
  auto found = (*reconciler)->all();
  if (!found)
    return report(found.error());
  if (flags.is_json)
    say(shown_json(to_json(*found, *wanted, flags.is_dry)));
  else
    print(*found, flags.is_dry);
  auto code = found->left() > 0 || !found->no_files.empty() ? exit_failed
                                                            : exit_ok;
  return flags.is_dry
           ? code
           : note_deed(config, {"darkroom fsck", config.queue.name, code});
}

} // namespace

void add_fsck_command(CLI::App& program) {
  auto* fsck = program.add_subcommand(
    "fsck", "compares catalog, queue and files, and repairs what contradicts");
  auto flags = std::make_shared<fsck_flags>();
  flags->common.add_to(*fsck);
  flags->common.add_setting(*fsck, "--queue", "queue.name", "the queue");
  fsck->add_flag("--dry-run", flags->is_dry, "find only, change nothing");
  auto* one = fsck->add_option("--class", flags->classes,
                               "only this class; may be given several times");
  one->type_name("NAME")->allow_extra_args(false);
  note_words(one, known_classes().words);
  add_duration(*fsck, "--grace", flags->grace,
               "leave alone what changed within this time; [fsck] grace if not "
               "given");
  fsck->add_flag("--json", flags->is_json, "answer as JSON");
  fsck->final_callback([flags] { std::exit(run_fsck(*flags)); });
}

} // namespace darkroom

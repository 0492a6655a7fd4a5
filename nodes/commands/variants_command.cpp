/// `darkroom variants`: makes variants of pictures in a shell, without a queue,
/// Redis or a catalog.
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/known_queue.hpp"
#include "nodes/commands/upgrade_variants.hpp"
#include "nodes/commands/variant_pictures.hpp"
#include "nodes/commands/variant_report.hpp"
#include "nodes/commands/variant_run.hpp"
#include "services/codec/effort.hpp"
#include "services/log/log.hpp"
#include "services/process/usable_machine.hpp"
#include "services/terminal/progress_bar.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <set>
#include <sstream>

namespace darkroom {

namespace {

constexpr uint32_t most_pictures_at_once = 64;

struct variants_flags {
  command_flags common;
  variant_order order;
  std::vector<picture_format> formats; ///< of all variants; empty = as set
  bool upgrades = false;
  bool is_json = false;
};

std::vector<picture_format> read_formats(const std::string& text) {
  std::vector<picture_format> out;
  std::istringstream words{text + ","};
  for (std::string word; std::getline(words, word, ',');) {
    if (auto wrong = judge_word(word, {"format", {"webp", "avif", "jpeg"}, {}});
        !wrong.empty())
      throw CLI::ValidationError("--format " + wrong);
    auto format = to_picture_format(word);
    if (format && std::find(out.begin(), out.end(), *format) == out.end())
      out.push_back(*format);
  }
  return out;
}

/// Several tables of one name differ in their formats, so the first one stays.
void set_formats(std::vector<variant_recipe>& variants,
                 const std::vector<picture_format>& formats) {
  std::set<std::string> seen;
  std::erase_if(variants,
                [&seen](const auto& x) { return !seen.insert(x.name).second; });
  for (auto& x : variants)
    x.formats = formats;
}

/// Ctrl-Z stops this command; it has no jobs to finish first, as a node has.
void obey_stop() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
}

int wrong_usage(const std::string& why) {
  note(why + "; see darkroom variants --help");
  return exit_usage;
}

int run_upgrade(const variants_flags& flags) {
  const auto& order = flags.order;
  if (!order.files.empty() || !order.folder.empty())
    return wrong_usage("--upgrade is for the catalog's pictures, so it takes "
                       "neither FILE nor --out");
  auto config = load_queue_or_exit(flags.common);
  return upgrade_variants(
    config, config.imaging.avif_effort.value_or(usual_effort), flags.is_json);
}

int run_variants(variants_flags& flags) {
  if (flags.upgrades)
    return run_upgrade(flags);
  auto& order = flags.order;
  if (order.files.empty() || order.folder.empty())
    return wrong_usage("variants needs FILE and --out, or --upgrade alone");
  order.imaging = flags.common.load_or_exit().values.imaging;
  if (!flags.formats.empty())
    set_formats(order.imaging.variants, flags.formats);
  start_log("off"); // each refusal tells its reason
  std::error_code failed;
  std::filesystem::create_directories(order.folder, failed);
  if (failed || !std::filesystem::is_directory(order.folder, failed))
    return report(
      fail(ec::storage_failed, "cannot create folder '" + order.folder + "'"
                                 + (failed ? ": " + failed.message()
                                           : std::string{": it is a file"})));
  obey_stop();
  progress_bar bar{"picture"};
  variant_run run{order, plan_pictures(order)};
  auto pictures
    = run.wait([&bar](const auto& now) { bar.show(now.done, now.all); });
  bar.clear();
  auto is_well = true;
  for (const auto& x : pictures)
    if (x.problem.code != ec::none) {
      is_well = false;
      note(x.problem.context);
    }
  if (flags.is_json)
    say(variant_json(pictures));
  else
    say_table(variant_table(pictures));
  return is_well ? exit_ok : exit_failed;
}

} // namespace

void add_variants_command(CLI::App& program) {
  auto* variants = program.add_subcommand(
    "variants", "makes the variants of pictures in a folder, without a queue");
  auto flags = std::make_shared<variants_flags>();
  auto& order = flags->order;
  order.jobs = usable_cores();
  flags->common.add_to(*variants);
  variants->add_option("files", order.files, "the pictures")->type_name("FILE");
  variants
    ->add_option("--out", order.folder,
                 "folder for NAME-lg.webp, NAME-lg.avif, …; is made")
    ->type_name("DIR");
  flags->common.add_setting(*variants, "--effort", "imaging.avif_effort",
                            "AVIF effort, 0 (fast) to 9 (small), or auto");
  auto* format = variants->add_option_function<std::string>(
    "--format",
    [flags](const std::string& text) { flags->formats = read_formats(text); },
    "webp, avif, jpeg or several, such as webp,jpeg; replaces the formats of "
    "all [[variants]]");
  format->type_name("FORMATS");
  note_words(format, {"webp", "avif", "jpeg"});
  add_number(*variants, "--jobs", order.jobs, {1, most_pictures_at_once},
             "pictures at once; one per core if not given");
  variants->add_flag("--force", order.replaces,
                     "replace files that are there already");
  variants->add_flag("--upgrade", flags->upgrades,
                     "instead: encode the catalog's pictures again whose AVIFs "
                     "have a lower effort, when no other job waits");
  variants->add_flag("--json", flags->is_json, "answer as JSON");
  variants->final_callback([flags] { std::exit(run_variants(*flags)); });
}

} // namespace darkroom

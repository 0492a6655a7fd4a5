/// `darkroom variants`: makes variants of pictures in a shell, without a queue,
/// Redis or a catalog.
#include "nodes/command.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/variant_pictures.hpp"
#include "nodes/commands/variant_report.hpp"
#include "nodes/commands/variant_run.hpp"
#include "services/codec/picture_codec.hpp"
#include "services/log/log.hpp"
#include "services/process/usable_machine.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>

namespace darkroom {

namespace {

constexpr uint32_t most_pictures_at_once = 64;

struct variants_flags {
  command_flags common;
  variant_order order;
  bool is_json = false;
};

std::vector<picture_format> read_formats(const std::string& text) {
  std::vector<picture_format> out;
  std::istringstream words{text + ","};
  for (std::string word; std::getline(words, word, ',');) {
    if (auto wrong = judge_word(word, {"format", {"webp", "avif"}, {}});
        !wrong.empty())
      throw CLI::ValidationError("--format " + wrong);
    auto format = to_picture_format(word);
    if (format && std::find(out.begin(), out.end(), *format) == out.end())
      out.push_back(*format);
  }
  return out;
}

/// Ctrl-Z stops this command; it has no jobs to finish first, as a node has.
void obey_stop() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
}

int run_variants(variants_flags& flags) {
  auto& order = flags.order;
  order.imaging = flags.common.load_or_exit().values.imaging;
  start_log("off"); // each refusal tells its reason
  std::error_code failed;
  std::filesystem::create_directories(order.folder, failed);
  if (failed || !std::filesystem::is_directory(order.folder, failed))
    return report(
      fail(ec::storage_failed, "cannot create folder '" + order.folder + "'"
                                 + (failed ? ": " + failed.message()
                                           : std::string{": it is a file"})));
  obey_stop();
  progress_bar bar;
  variant_run run{order, plan_pictures(order)};
  auto pictures = run.wait([&bar](const auto& now) { bar.show(now); });
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
    for (const auto& line : variant_lines(pictures))
      say(line);
  return is_well ? exit_ok : exit_failed;
}

} // namespace

void add_variants_command(CLI::App& program) {
  auto* variants = program.add_subcommand(
    "variants", "makes the variants of pictures in a folder, without a queue");
  auto flags = std::make_shared<variants_flags>();
  auto& order = flags->order;
  order.formats = variant_wishes{}.formats;
  order.jobs = usable_cores();
  flags->common.add_to(*variants);
  variants->add_option("files", order.files, "the pictures")
    ->required()
    ->type_name("FILE");
  variants
    ->add_option("--out", order.folder,
                 "folder for NAME-lg.webp, NAME-lg.avif, …; is made")
    ->required()
    ->type_name("DIR");
  flags->common.add_setting(*variants, "--effort", "imaging.avif_effort",
                            "AVIF effort, 0 (fast) to 9 (small), or auto");
  variants
    ->add_option_function<std::string>(
      "--format",
      [flags](const std::string& text) {
        flags->order.formats = read_formats(text);
      },
      "webp, avif or webp,avif (default)")
    ->type_name("FORMATS");
  add_number(*variants, "--jobs", order.jobs, {1, most_pictures_at_once},
             "pictures at once; one per core if not given");
  variants->add_flag("--force", order.replaces,
                     "replace files that are there already");
  variants->add_flag("--json", flags->is_json, "answer as JSON");
  variants->final_callback([flags] { std::exit(run_variants(*flags)); });
}

} // namespace darkroom

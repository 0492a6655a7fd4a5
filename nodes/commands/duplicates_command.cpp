/// `darkroom duplicates`: pictures that look the same, by the main node's HTTP
/// API.
#include "config/words.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/main_flags.hpp"
#include "services/json/json.hpp"
#include "services/search/duplicates.hpp"
#include "services/search/page_bounds.hpp"
#include "services/text/shown_json.hpp"
#include "services/text/text_table.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

struct duplicates_flags {
  main_flags main;
  uint32_t distance = usual_distance;
  page_bounds page;
};

void print_groups(const duplicates_flags& flags, const json& answer) {
  text_table table{{"group", "id", "bits", "name", "file"}};
  auto number = flags.page.offset;
  auto groups = answer.value("groups", json::array());
  for (const auto& group : groups) {
    ++number;
    for (const auto& x : group.value("images", json::array())) {
      const auto& image = x.at("image");
      table.add({std::to_string(number), text_member(image, "imageId"),
                 std::to_string(x.value("distance", 0)),
                 text_member(image, "originalName"),
                 text_member(image, "filePath")});
    }
  }
  say_table(table);
  auto total = answer.value("total", uint64_t{0});
  if (groups.empty())
    say("there are no duplicates among "
        + counted(answer.value("pictures", uint64_t{0}), "picture")
        + " with a perceptual hash");
  else if (auto shown = static_cast<uint64_t>(number); total > shown)
    say(counted(total - shown, "more group") + ": --offset "
        + std::to_string(shown));
}

int run_duplicates(const duplicates_flags& flags) {
  auto path = "/api/duplicates?distance=" + std::to_string(flags.distance)
              + "&limit=" + std::to_string(flags.page.limit)
              + "&offset=" + std::to_string(flags.page.offset);
  auto answer = ask_main(flags.main.at(path));
  if (!answer)
    return report(answer.error());
  if (flags.main.is_json)
    say(shown_json(*answer));
  else
    print_groups(flags, *answer);
  return exit_ok;
}

} // namespace

void add_duplicates_command(CLI::App& program) {
  auto* duplicates = program.add_subcommand(
    "duplicates", "groups of pictures that look the same");
  auto flags = std::make_shared<duplicates_flags>();
  flags->main.add_to(*duplicates);
  add_number(*duplicates, "--distance", flags->distance, {0, longest_distance},
             "bits of 64 in which their hashes may differ (10)");
  add_number(*duplicates, "--limit", flags->page.limit, {1, longest_page},
             "at most this many groups (20)");
  add_number(*duplicates, "--offset", flags->page.offset, {0, last_offset},
             "leaves out the first groups");
  duplicates->final_callback([flags] { std::exit(run_duplicates(*flags)); });
}

} // namespace darkroom

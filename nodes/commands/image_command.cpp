/// `darkroom image`: removes pictures, by the main node's HTTP API.
#include "config/words.hpp"
#include "nodes/commands/confirm.hpp"
#include "nodes/commands/flag_values.hpp"
#include "nodes/commands/main_flags.hpp"
#include "services/json/json.hpp"
#include "services/text/percent.hpp"
#include "services/text/shown_json.hpp"

#include <vector>

namespace darkroom {

namespace {

using nlohmann::json;

struct image_flags {
  main_flags main;
  std::string action;
  std::vector<std::string> ids;
  bool is_sure = false;
};

std::string summary_of_removal(const json& answer) {
  auto count = [&answer](const char* key) {
    auto found = answer.find(key);
    return found != answer.end() && found->is_array() ? found->size() : 0;
  };
  return "image " + text_member(answer, "imageId") + " is gone; "
         + counted(count("jobsRemoved"), "job") + " removed, "
         + std::to_string(count("jobsStopping")) + " stopping"
         + (count("jobsLeft") == 0
              ? ""
              : ", " + std::to_string(count("jobsLeft")) + " left");
}

/// Removes all that can be removed, and tells about each.
int run_remove(const image_flags& flags) {
  auto sure
    = confirm("removes "
                + (flags.ids.size() == 1 ? "image '" + flags.ids.front() + "'"
                                         : counted(flags.ids.size(), "image"))
                + " with rows, files, vectors and jobs for good",
              flags.is_sure);
  if (!sure)
    return report(sure.error());
  auto base = flags.main.at("/api/images/");
  auto code = static_cast<int>(exit_ok);
  for (const auto& id : flags.ids) {
    auto answer = ask_main(base + percent_encoded(id), {},
                           std::chrono::seconds{30}, "DELETE");
    if (!answer)
      code = report(answer.error());
    else if (flags.main.is_json)
      say(shown_json(*answer));
    else
      tell(summary_of_removal(*answer));
  }
  return code;
}

} // namespace

void add_image_command(CLI::App& program) {
  auto* image = program.add_subcommand("image", "removes pictures");
  auto flags = std::make_shared<image_flags>();
  flags->main.add_to(*image);
  add_word(*image, "action", flags->action,
           {"action",
            {"remove"},
            {{"delete", "remove"},
             {"rm", "remove"},
             {"list", "darkroom search"},
             {"search", "darkroom search"}}},
           "remove: rows, files, vectors and jobs")
    ->required();
  image->add_option("id", flags->ids, "ids of the images")
    ->required()
    ->type_name("ID");
  image->add_flag("--yes", flags->is_sure, "do not ask");
  image->final_callback([flags] { std::exit(run_remove(*flags)); });
}

} // namespace darkroom

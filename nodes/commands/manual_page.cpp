#include "nodes/commands/command_outline.hpp"

namespace darkroom {

namespace {

/// Text of roff: nothing in it is taken for a request or an escape.
std::string roff_text(const std::string& text) {
  std::string out;
  for (auto c : text)
    out += c == '\\'  ? std::string{"\\e"}
           : c == '-' ? std::string{"\\-"}
                      : std::string{c};
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + out : out;
}

std::string roff_bold(const std::string& text) {
  return "\\fB" + roff_text(text) + "\\fR";
}

/// "-f, --follow TEXT".
std::string head_of(const option_outline& option) {
  std::string out;
  for (const auto& name : option.names)
    out += (out.empty() ? "" : ", ") + roff_bold(name);
  if (!option.value.empty() && option.names.front().starts_with('-'))
    out += " \\fI" + roff_text(option.value) + "\\fR";
  return out + (option.is_repeated ? " ..." : "");
}

/// An option's paragraph; the words that its help does not name follow it.
std::string paragraph_of(const option_outline& option) {
  auto out = ".TP\n" + head_of(option) + '\n' + roff_text(option.help) + '\n';
  std::string words;
  for (const auto& word : option.words)
    if (option.help.find(word) == std::string::npos)
      words += (words.empty() ? "" : ", ") + roff_text(word);
  if (!words.empty() && option.names.back() != "--set")
    out += "(" + words + ")\n";
  return out;
}

/// Flags that every command has are described once.
bool is_common(const option_outline& flag) {
  const auto& name = flag.names.back();
  return name == "--help" || name == "--config" || name == "--set";
}

std::string section_of(const command_outline& command) {
  auto out = ".SS " + roff_bold(command.path);
  for (const auto& x : command.arguments)
    out += ' '
           + roff_text(x.is_required ? x.names.front()
                                     : '[' + x.names.front() + ']');
  out += '\n' + roff_text(command.help) + '\n';
  for (const auto& x : command.arguments)
    out += paragraph_of(x);
  for (const auto& x : command.flags)
    if (!is_common(x))
      out += paragraph_of(x);
  return out;
}

constexpr const char* manual_head = R"(.SH NAME
darkroom \- a cluster of background workers for pictures
.SH SYNOPSIS
\fBdarkroom\fR \fICOMMAND\fR [\fIOPTIONS\fR]
.SH DESCRIPTION
Takes jobs from a BullMQ queue in Redis and makes metadata, responsive variants
and embeddings of pictures. \fBdarkroom serve\fR and \fBdarkroom work\fR are a
cluster, \fBdarkroom solo\fR is both in one process, and \fBdarkroom dev\fR
needs nothing else.
.SH OPTIONS
Every command has these:
.TP
\fB\-\-config\fR \fIFILE\fR
reads this configuration file (TOML)
.TP
\fB\-\-set\fR \fISECTION.KEY=VALUE\fR
sets any setting; may be repeated
.TP
\fB\-h\fR, \fB\-\-help\fR
describes the command
)";

constexpr const char* manual_end = R"(.SH EXIT STATUS
.TP
0
done, even if a drain handed jobs back
.TP
1
failed
.TP
2
wrong usage or configuration
.TP
3
Redis cannot be reached
.TP
4
a drain could not hand its jobs back
.SH ENVIRONMENT
\fBREDIS_URL\fR, \fBDATABASE_URL\fR, \fBPORT\fR, \fBLOG_LEVEL\fR,
\fBDARKROOM_CONFIG\fR, \fBDARKROOM_API_TOKEN\fR and, for every setting,
\fBDARKROOM_\fISECTION\fB_\fIKEY\fR. Flags are stronger than variables, and
these than the file.
.SH FILES
.TP
\fI./darkroom.toml\fR, \fI/etc/darkroom/darkroom.toml\fR
the configuration; the first that is there is read (the second not by
\fBdarkroom dev\fR)
.TP
\fI/usr/share/doc/darkroom\fR
the documentation, in which configuration.md lists all settings
.SH SEE ALSO
.BR redis\-server (1)
)";

} // namespace

std::string manual_page(const std::vector<command_outline>& all) {
  std::string out = "'\\\" Made by `darkroom man`.\n"
                    ".TH DARKROOM 1 \"\" \"darkroom " DARKROOM_VERSION "\"\n";
  out += manual_head;
  out += ".SH COMMANDS\n";
  for (const auto& command : all)
    if (command.commands.empty())
      out += section_of(command);
  return out + manual_end;
}

} // namespace darkroom

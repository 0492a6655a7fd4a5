/// Rows of imaging, vision and embedding.
#include "config/fields.hpp"

#include <utility>

namespace darkroom {

namespace {

// What the codec processes of a node may use.
std::vector<field> codec_fields() {
  using s = imaging_settings;
  constexpr rows_of<&settings::imaging> imaging{"imaging"};
  return {
    imaging.size<&s::codec_memory_bytes>(
      "codec_memory_bytes", 256 * mib, 1024 * gib,
      "Address space of a codec process; more than that kills it."),
    imaging.duration<&s::codec_time>(
      "codec_time", 100, hour,
      "One picture's CPU time; the codec process is killed after it."),
    imaging
      .number<&s::codec_pictures>(
        "codec_pictures", 0, 1000000000,
        "A codec process is replaced after this many pictures, so that what "
        "decoders leak does not add up; 0 = never.")
      .unit("pictures"),
    imaging.size<&s::codec_resident_bytes>(
      "codec_resident_bytes", 0, 1024 * gib,
      "A codec process that keeps more resident memory than this between two "
      "pictures is replaced; 0 = never."),
    imaging
      .number<&s::deep_backlog>(
        "deep_backlog", 1, 1000000000,
        "With avif_effort = auto, the effort is 1 while this many jobs wait.")
      .unit("jobs"),
    imaging.duration<&s::effort_time>(
      "effort_time", 0, hour,
      "With avif_effort = auto, a picture that would take more CPU time at "
      "effort 4 is encoded at effort 3."),
    imaging.number<&s::cores>("cores", 1, 1024,
                              "Decodes and encodes at once per node; auto "
                              "takes the cores that the node may use."),
    imaging.size<&s::memory_bytes>(
      "memory_bytes", 64 * mib, 1024 * gib,
      "Pictures wait while those in work may need more than this together; "
      "auto takes half of the node's memory."),
    imaging.flag<&s::share_files>(
      "share_files",
      "Whether a picture narrower than several widths has one file for all of "
      "them; else each has its own."),
    imaging.flag<&s::reuse_results>(
      "reuse_results",
      "Whether a picture whose bytes were encoded before gets links to those "
      "files; else it is encoded again."),
  };
}

// How the variants are encoded.
std::vector<field> encoder_fields() {
  using s = imaging_settings;
  constexpr rows_of<&settings::imaging> imaging{"imaging"};
  return {
    imaging.number<&s::webp_quality>("webp_quality", 1, 100,
                                     "WebP quality, as sharp's default."),
    imaging.number<&s::webp_effort>("webp_effort", 0, 6,
                                    "WebP effort, as sharp's default."),
    imaging.number<&s::avif_quality>("avif_quality", 1, 100,
                                     "AVIF quality, as sharp's default."),
    imaging
      .text<&s::avif_tune>(
        "avif_tune",
        "What the AVIF encoder aims at. ssim (best with avif_quality 47) takes "
        "20 % less time than iq, sharp's default, but smooth pictures look "
        "worse; psnr suits the eye least.")
      .one_of({"iq", "ssim", "psnr"}),
    imaging.number<&s::jpeg_quality>("jpeg_quality", 1, 100,
                                     "JPEG quality, as sharp's default."),
    imaging.number<&s::avif_effort>(
      "avif_effort", 0, 9,
      "AVIF effort; 4 takes 4.6 times as long for the same look. auto takes 1 "
      "while many jobs wait, 3 while some do, 4 for small pictures when none "
      "does."),
  };
}

// What the analysers get.
std::vector<field> analysis_fields() {
  using s = imaging_settings;
  constexpr rows_of<&settings::imaging> imaging{"imaging"};
  return {
    imaging
      .number<&s::vision_edge>(
        "vision_edge", 64, 4096,
        "Longer edge of the JPEG that the vision model sees.")
      .unit("pixels"),
    imaging
      .number<&s::analysis_edge>(
        "analysis_edge", 64, 4096,
        "Longer edge of the picture that the local analyser sees.")
      .unit("pixels"),
  };
}

} // namespace

std::vector<field> imaging_fields() {
  using s = imaging_settings;
  constexpr rows_of<&settings::imaging> imaging{"imaging"};
  std::vector<field> rows{
    imaging.size<&s::max_bytes>("max_bytes", 1, 1024 * gib,
                                "Largest encoded picture that is opened."),
    imaging
      .number<&s::max_pixels>(
        "max_pixels", 1, 10000000000,
        "Width x height, checked before decoding; phones have 108 MP. No edge "
        "may be longer than 65535, whatever this is.")
      .unit("pixels"),
    imaging
      .list<&s::formats>(
        "formats",
        "Formats that are read. heic and jxl need a libvips that decodes them: "
        "docs/pictures.md.")
      .one_of(known_formats())
      .unit("formats")
      .required(),
    imaging
      .text<&s::strictness>(
        "strictness",
        "lenient reads what every viewer shows, if no pixel is missing; "
        "strict refuses what a decoder warns of.")
      .one_of({"lenient", "strict"}),
  };
  for (auto make : {encoder_fields, analysis_fields, codec_fields})
    for (auto& row : make())
      rows.push_back(std::move(row));
  return rows;
}

std::vector<field> vision_fields() {
  using s = vision_settings;
  constexpr rows_of<&settings::vision> vision{"vision"};
  return {
    vision
      .text<&s::provider>(
        "provider",
        "auto takes openai if there is a key, else the local analyser.")
      .one_of({"auto", "openai", "local"}),
    vision.text<&s::base_url>("base_url", "An OpenAI-compatible API.")
      .required()
      .env("OPENAI_BASE_URL"),
    vision.text<&s::api_key>("api_key", "Its key.")
      .secret()
      .env("OPENAI_API_KEY"),
    vision.text<&s::model>("model", "Its model; must see pictures.").required(),
    vision.duration<&s::timeout>("timeout", 100, hour,
                                 "How long it may take to answer."),
    vision.amount<&s::price_in>(
      "price_in", "What a million tokens cost that are sent to it; 0 = not "
                  "counted."),
    vision.amount<&s::price_out>("price_out",
                                 "What a million tokens of its answers cost."),
    vision.duration<&s::cache>(
      "cache", 0, 30 * day,
      "How long its answer serves for the same picture; 0 = not at all."),
    vision.text<&s::language>(
      "language", "Language of descriptions and tags, such as German; empty "
                  "leaves it to the model."),
    vision.duration<&s::redescribe_every>(
      "redescribe_every", 0, day,
      "How often pictures that a lower provider described are looked for, to "
      "be described again by the first one; 0 = only by `darkroom "
      "redescribe`."),
    vision.text<&s::models>(
      "models", "Folder of the local analyser's models; empty means found by "
                "itself."),
  };
}

std::vector<field> embedding_fields() {
  using s = embedding_settings;
  constexpr rows_of<&settings::embedding> embedding{"embedding"};
  return {
    embedding
      .text<&s::provider>(
        "provider",
        "auto takes openai if there is a key, else the local encoder.")
      .one_of({"auto", "openai", "local"}),
    embedding.text<&s::base_url>("base_url", "An OpenAI-compatible API.")
      .required()
      .env("OPENROUTER_BASE_URL"),
    embedding
      .text<&s::api_key>(
        "api_key", "Its key; without one, OPENAI_API_KEY serves here too.")
      .secret()
      .env("OPENROUTER_API_KEY"),
    embedding
      .text<&s::model>(
        "model", "Its model; vectors of different models are never compared.")
      .required(),
    embedding
      .number<&s::dimensions>("dimensions", 1, 65536, "Length of a vector.")
      .unit("floats"),
    embedding.duration<&s::timeout>("timeout", 100, hour,
                                    "How long it may take to answer."),
    embedding.amount<&s::price_in>(
      "price_in", "What a million tokens cost; 0 = not counted."),
    embedding.duration<&s::cache>(
      "cache", 0, 30 * day,
      "How long its vector serves for the same text; 0 = not at all."),
    embedding.text<&s::weights>(
      "weights",
      "Folder of the local sentence encoder; empty means found by itself."),
  };
}

} // namespace darkroom

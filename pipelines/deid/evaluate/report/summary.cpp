#include "pipelines/deid/evaluate/report/part.hpp"
#include "pipelines/deid/evaluate/report/view.hpp"

namespace deid::evaluate {

namespace {

std::string spoken(const std::string& method) {
  if (method == "swap" || method == "autoencoder")
    return "Faces replaced (" + method + ")";
  if (method == "mask")
    return "Faces masked";
  if (method == "blur")
    return "Faces blurred";
  if (method == "pixelate")
    return "Faces made of coarse pixels";
  return method;
}

/// "in 94 of 1000 faces (9.4 %)"
std::string hits(const Json& a) {
  return of(a["hits"].get<std::size_t>(), a["described"].get<std::size_t>()) + " (" + percent(a["rank1"]) +
         ")";
}

std::string naive_sentence(const Json& a) {
  if (a["faces"] == 0) // not the recogniser's failure: there was no face to find
    return "Recognition could not be tested: the originals have no face, or no face of a known person.";
  if (a["described"] == 0)
    return "The results have no face that a recogniser could compare with photographs.";
  if (a["gallery"] == 1)
    return "These videos show one person. A test of recognition needs videos of several people.";
  std::string text = "A viewer with photographs of all " + std::to_string(a["gallery"].get<std::size_t>()) +
                     " people and a face recogniser names the right person in " + hits(a) +
                     "; guessing names " + percent(a["chance"]) + ".";
  if (a["by_people"].is_array())
    text += " With other people it may be " + percent(a["by_people"][0]) + " to " +
            percent(a["by_people"][1]) + ".";
  if (a["gallery"].get<std::size_t>() < 10)
    text += " With so few people this says little about other people.";
  return text;
}

std::string parrot_sentence(const Json& a, bool anybody) {
  if (!anybody)
    return "";
  if (a["described"] == 0 || a["gallery"] == 1)
    return a["faces"] == 0
               ? "No person is in two videos, so linking of de-identified videos could not be tested."
               : "";
  return "A viewer who knows other de-identified videos of these people names the right person in " +
         hits(a) + "; guessing names " + percent(a["chance"]) + ".";
}

std::string leak_sentence(const Json& s) {
  const auto faces = s["faces"].get<std::size_t>(), risky = s["risky_faces"].get<std::size_t>();
  if (s["frames"] == 0)
    return "Results were not searched for faces that left unchanged.";
  if (risky == 0)
    return "A second, independent detector saw " + std::to_string(faces) +
           " faces in the original; none of them left unchanged.";
  return "A second, independent detector saw " + std::to_string(faces) + " faces in the original, and " +
         std::to_string(risky) + " of them may be shown in " +
         std::to_string(s["risky_frames"].get<std::size_t>()) +
         " frames: look at the pictures below before anything is passed on.";
}

std::string movement_sentence(const Json& s, const Json& floor) {
  if (s["counts"]["people"] == 0)
    return "No body was found, so movement could not be compared.";
  std::string text = "Body points: of " + std::to_string(s["counts"]["people"].get<std::size_t>()) +
                     " people in all frames, " + std::to_string(s["counts"]["found"][9].get<std::size_t>()) +
                     " were found again at their places (OKS of at least .95)";
  if (floor.is_object())
    text += "; for a video that was only encoded again it is " +
            std::to_string(floor["counts"]["found"][9].get<std::size_t>());
  return text + ".";
}

} // namespace

Json summary_of(const Json& report) {
  auto list = Json::array();
  const Json none;
  const Json& floor = report.contains("table2") && report["table2"].contains("reencoded")
                          ? report["table2"]["reencoded"]
                          : none;
  for (const auto& [method, kinds] : part(report, "attacks").items()) {
    Json one{{"method", spoken(method)}, {"sentences", Json::array()}};
    for (const std::string& sentence :
         {naive_sentence(kinds["naive"]), parrot_sentence(kinds["parrot"], kinds["naive"]["faces"] != 0),
          leak_sentence(report["leaks"][method]), movement_sentence(report["table2"][method], floor)})
      if (!sentence.empty())
        one["sentences"].push_back({{"text", sentence}});
    list.push_back(one);
  }
  return list;
}

} // namespace deid::evaluate

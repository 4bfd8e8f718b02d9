#pragma once
#include "elements/faceswap/choice/face_selection.hpp"
#include "elements/faceswap/choice/identity_tracker.hpp"
#include "elements/faceswap/compose.hpp"
#include "elements/faceswap/crop.hpp"
#include "elements/faceswap/load.hpp"
#include "elements/faceswap/perception/landmarker.hpp"
#include <future>

namespace deid::faceswap {

/// The cover of faces that the selection leaves out.
enum class Others : std::uint8_t { blur, fill };

struct SwapSettings {
  ComposeOptions compose{};
  SwapGateOptions gate{};
  VerifyOptions verify{};
  FaceSelection selection{};
  Others others = Others::blur;
  cover::Shape shape = cover::Shape::contour; ///< of the masks
  float margin = 0.02F;                       ///< of the masks; results change with shape and margin
  bool hands = true;                          ///< Hands in front of a face stay in front of the swap.
  bool correct =
      true; ///< The drawing is corrected, so that the landmarks of the result are where the person's are.
  bool beside = false;    ///< Checks of results that passed before, and searches for palms, run beside the
                          ///< drawing; their findings count in the next frame. Trials of targets are spread
                          ///< over frames. For live streams.
  bool draws = true;      ///< false: no face is swapped at this moment, because the computer is too slow
  bool pick = true;       ///< Each person gets the best target; false: the next target in the list.
  bool keep_looks = true; ///< The best target has the person's sex and age where it hides the person.
  bool trained = false;   ///< One target was trained for one person, so each person must be identified.
  [[nodiscard]] TrackingOptions tracking() const {
    const int every = trained && verify.every == 0 ? VerifyOptions{}.every : verify.every;
    return {pick || trained || every > 0, every, {.pick = pick, .least = verify.least}, trained};
  }
};

/// An event that the bus reports.
struct SwapEvent {
  enum class Kind : std::uint8_t { chosen, refused, raised, reassigned, covered };
  Kind kind = Kind::chosen;
  std::uint32_t face = 0;
  Reason why = Reason::none; ///< of a refusal
  std::string target{};      ///< name; empty: none
  double distance = 0;       ///< chosen, refused: between person and target; else between person and result
  Rank rank{};               ///< of the result
  float geometry = 0;
  std::optional<Opinion> second{}; ///< of the second judge on the result
  Unlike unlike{};                 ///< chosen, reassigned: the target and the person
};
/// Returns the word that the bus uses.
const char* to_string(SwapEvent::Kind kind);

struct SwapCounters {
  std::uint64_t swapped = 0, blurred = 0; ///< faces, summed over frames
  std::uint64_t described = 0;            ///< runs of the describer
  std::uint64_t verified = 0;             ///< results that were verified
  std::uint64_t refused = 0;              ///< results that were verified and not shown
  double worst = 0, sum = 0;              ///< distances of the results that were shown; worst 0: none yet
  std::uint64_t judges = 1;               ///< recognisers that judge results
  /// Results that dlib let pass and the second judge did not.
  std::uint64_t refused_by_second = 0;
  double worst_second = 0; ///< as worst, for the second judge
};

/// The networks for faces. Null: the result is not needed.
struct Networks {
  std::unique_ptr<Describer> describer{};
  std::unique_ptr<SecondJudge> second{};    ///< Null: results are judged by the describer alone.
  std::unique_ptr<Landmarker> landmarker{}; ///< finds the features of results
  std::unique_ptr<HandFinder> hands{};
  std::unique_ptr<LooksReader> looks{}; ///< Null: the choice knows nobody's sex and age.
};

/// Makes the overlays of a planned frame: identifies the people, assigns targets, draws, and decides whether
/// a result may be shown. No picture of a person is kept longer than a frame. Thread: one at a time.
class Swapper {
public:
  /// Returns the style of the cover below every swap.
  static cover::Style style();
  /// Requires a describer unless nothing is described. describe: target files without a descriptor get one
  /// now, and the second judge, if there is one, describes all of them. trained: its target goes only to the
  /// person it was trained for. All other people get the targets of `loaded`, or stay covered when it is
  /// empty. Throws TargetError when the landmarks of a target make no mesh, and the exceptions of the
  /// describer.
  Swapper(const Loaded& loaded, Networks networks, bool describe, std::optional<Trained> trained = {});

  struct Done {
    std::vector<cover::Overlay> overlays{}; ///< one for each face
    std::vector<SwapEvent> events{};
  };
  /// Returns the overlays of one frame. original: the frame before it is covered. A result that is too close
  /// to its person is not shown, not even in this frame.
  Done frame(const video::FrameView& original, const cover::Plan& plan, const SwapSettings& settings);
  void flush(const SwapSettings& settings);
  [[nodiscard]] const SwapCounters& counters() const { return counters_; }

private:
  /// One face of the current frame.
  struct FaceContext {
    const video::FrameView& original;
    const cover::Plan& plan;
    std::size_t index; ///< in plan.faces
    std::uint32_t id;
    SwapGate::Step step;
    FaceState& state;
    const SwapSettings& settings;
    std::vector<SwapEvent>& events;
    [[nodiscard]] const cover::Mask& mask() const { return plan.faces[index].mask; }
  };
  using Steps = std::span<const SwapGate::Step>;

  std::optional<Looks> looks_of(const FaceCrop& crop, std::uint32_t face);
  void begin_frame(std::span<const FaceRegion> faces, const SwapSettings& settings);
  /// Returns the runs of the describer that observations of originals must leave for results.
  [[nodiscard]] int reserved(std::span<const FaceRegion> faces, const SwapSettings& settings);
  void observe(const video::FrameView& original, const FaceRegion& face, const SwapSettings& settings,
               int keep, std::vector<SwapEvent>& events);
  void report(const FaceRegion& face, IdentityTracker::Event outcome, std::vector<SwapEvent>& events);
  std::vector<SwapGate::Step> pass_gate(std::span<const FaceRegion> faces, const std::vector<bool>& selected,
                                        cv::Size size, const SwapSettings& settings);
  void find_hands(const video::FrameView& original, std::span<const FaceRegion> faces, Steps steps,
                  const SwapSettings& settings);
  void watch_hands(const cover::Plan& plan, std::span<const FaceRegion> faces, Steps steps);
  Subject* subject(std::uint32_t id) { return tracker_->subject(faces_.at(id).identity); }

  cover::Overlay render_or_cover(const FaceContext& context);
  std::optional<cover::Overlay> swapped(const FaceContext& context, Subject& subject, Reason& why);
  std::optional<cover::Overlay> unverified(const FaceContext& context, Subject& subject, Reason& why);
  std::optional<cover::Overlay> verified(const FaceContext& context, Subject& subject, Reason& why);
  void wait(const FaceContext& context);
  cover::Overlay composed(const FaceContext& context, const Subject& subject, float blend_weight) const;
  void say(const Verdict& verdict, const Subject& subject, audit::Outcome& outcome) const;
  [[nodiscard]] VerifyOptions verify_of(const FaceContext& context, const Subject& subject) const;
  [[nodiscard]] Verdict verdict_on(const Descriptor& result, const std::optional<FaceFeatures>& again,
                                   const Subject& subject) const;
  Verdict verdict_of(const FaceContext& context, const Subject& subject, const cover::Overlay& overlay);
  [[nodiscard]] bool correction_due(const FaceContext& context) const;
  void correct(const FaceContext& context, const Subject& subject, cover::Overlay& overlay);
  void begin_correction(const FaceContext& context, const Subject& subject, const cover::Overlay& overlay);
  void end_correction(const FaceContext& context, const Subject& subject);
  bool try_targets(const FaceContext& context, Subject& subject);
  std::vector<Choice> rivals_of(const FaceContext& context, Subject& subject) const;
  bool try_next(const FaceContext& context, Subject& subject, std::span<const Choice> rivals);
  bool try_in_turn(const FaceContext& context, Subject& subject, std::span<const Choice> rivals);
  bool try_at_once(const FaceContext& context, Subject& subject);
  double worth_of_result(const FaceContext& context, Subject& subject, std::size_t target);
  Act check(const FaceContext& context, Subject& subject, cover::Overlay& overlay);
  Act refuse(const FaceContext& context, Subject& subject, Act act, const Verdict& verdict, float geometry);
  std::optional<Verdict> verdict_with_hands(const FaceContext& context, const Subject& subject,
                                            cover::Overlay& overlay);
  Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);
  [[nodiscard]] bool check_is_due(const FaceContext& context, const Subject& subject) const;
  [[nodiscard]] bool may_run_beside(const FaceContext& context, const Subject& subject) const;
  void count(const Verdict& verdict);
  void begin_check(const FaceContext& context, const Subject& subject, const cover::Overlay& overlay);
  std::optional<Verdict> end_check(const FaceContext& context, Subject& subject);
  bool observe_beside(const video::FrameView& original, const FaceRegion& face, const SwapSettings& settings);
  std::optional<Observation> end_observation(const FaceRegion& face);
  [[nodiscard]] Observation take_beside();
  void end_beside();
  [[nodiscard]] std::optional<FaceFeatures> describe_again(const cv::Mat& rgb,
                                                           std::span<const cv::Point3f> landmarks) const;
  void refuse_unwanted(const cover::Plan& plan, const SwapSettings& settings);
  void notice_change(const SwapSettings& settings);

  std::vector<NamedPainter> targets_{};
  Networks networks_;
  HandsInFront follower_{};
  std::vector<SeenHand> hands_{}; ///< of the current frame
  FaceStates faces_{};
  bool people_ = false; ///< Some of the strangers are people.
  std::optional<IdentityTracker> tracker_{};
  FaceSelector selector_{};
  SwapCounters counters_{};
  std::optional<SwapSettings> last_{};
  int runs_left_ = 0; ///< of the describer in this frame
  /// Id of the first face whose result, and of the first face whose original, got no run in this frame. It
  /// gets the first run of the next frame.
  std::optional<std::uint32_t> waiting_{}, unseen_{};
  /// A run of the describer beside the drawing.
  struct Beside {
    std::uint32_t face = 0;
    std::optional<std::size_t> target{}; ///< of the result that is described; none: the original is
    int frames = 0;                      ///< since it began
    std::future<Observation> run{};
  };
  std::optional<Beside> beside_{};
  /// A run of the landmarker beside the drawing.
  struct Locating {
    std::uint32_t face = 0;
    std::size_t target = 0;
    int looks = 0;  ///< of the correction that the result was drawn with
    int frames = 0; ///< since it began
    Points meant{}; ///< intended landmarks, px of the crop
    std::future<std::optional<std::vector<cv::Point3f>>> run{};
  };
  std::optional<Locating> locating_{};
};

} // namespace deid::faceswap

#!/bin/sh
# four-ways.sh IN OUT.mp4: original | mask | blur | swap in one picture, to compare them. IT SHOWS THE ORIGINAL FACES; never pass it on.
panel="queue max-size-buffers=4 max-size-bytes=0 max-size-time=0"
same="videoconvert ! videoscale add-borders=true ! video/x-raw,format=I420,width=640,height=360,pixel-aspect-ratio=1/1"
name="valignment=top halignment=left font-desc=Sans,12 shaded-background=true draw-outline=false"
# shellcheck disable=SC2086 # the variables are several words each
exec gst-launch-1.0 -q -e filesrc location="$1" ! decodebin expose-all-streams=false 'caps="video/x-raw(ANY)"' ! video/x-raw ! queue ! videoconvert ! videoflip video-direction=auto \
  ! deidfacedetect ! tee name=faces \
  faces. ! $panel ! $same ! textoverlay text=original $name ! four.sink_0 \
  faces. ! $panel ! deidfacemask ! $same ! textoverlay text=mask $name ! four.sink_1 \
  faces. ! $panel ! deidfaceblur ! $same ! textoverlay text=blur $name ! four.sink_2 \
  faces. ! $panel ! deidfaceswap ! $same ! textoverlay text=swap $name ! four.sink_3 \
  compositor name=four sink_1::xpos=640 sink_2::ypos=360 sink_3::xpos=640 sink_3::ypos=360 ! video/x-raw,format=I420 ! queue \
  ! x264enc pass=qual quantizer=20 vbv-buf-capacity=0 speed-preset=veryfast ! mp4mux ! filesink location="$2"

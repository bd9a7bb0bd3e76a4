// Command oracle reads length-prefixed files from standard input and writes the result of kubectl's own
// libraries for each of them as a line. The reader of this project must give the same result.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	kyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/cli-runtime/pkg/resource"
	"sigs.k8s.io/yaml"
)

// outcome is one document: its canonical JSON, or the error that kubectl stops with.
type outcome struct {
	JSON  string `json:"json,omitempty"`
	Error string `json:"error,omitempty"`
}

// reading is the result for one file. Documents are those of the YAML splitter, each read on its own.
type reading struct {
	Kubectl   []outcome `json:"kubectl"`
	Documents []outcome `json:"documents,omitempty"`
	// Objects are those that kubectl makes of the documents: the items of lists on their own.
	Objects []outcome `json:"objects"`
	// Unstable: Go's random map order shows in the result.
	Unstable bool `json:"unstable,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for {
		var size uint32
		if err := binary.Read(in, binary.LittleEndian, &size); err == io.EOF {
			return
		} else if err != nil {
			fatal(err)
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(in, data); err != nil {
			fatal(err)
		}
		if err := encoder.Encode(read(data)); err != nil {
			fatal(err)
		}
		// The other process waits for all results of its batch.
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				fatal(err)
			}
		}
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func read(data []byte) reading {
	if !utf8.Valid(data) {
		rejected := []outcome{{Error: "invalid UTF-8"}}
		return reading{Kubectl: rejected, Objects: rejected}
	}
	// kubectl's file visitor takes a byte order mark off.
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	result := reading{Kubectl: asKubectl(data), Documents: separately(data), Objects: objects(data)}
	for range 6 {
		if !same(result.Kubectl, asKubectl(data)) || !same(result.Documents, separately(data)) {
			result.Unstable = true
			break
		}
		if !strings.Contains(string(data), ":") {
			break
		}
	}
	return result
}

func same(a, b []outcome) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].JSON != b[i].JSON || (a[i].Error == "") != (b[i].Error == "") {
			return false
		}
	}
	return true
}

// asKubectl decodes the stream the way kubectl's resource builder does, up to the first error.
func asKubectl(data []byte) (found []outcome) {
	defer func() {
		if failure := recover(); failure != nil {
			found = append(found, outcome{Error: fmt.Sprint(failure)})
		}
	}()
	decoder := kyaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		object := runtime.RawExtension{}
		err := decoder.Decode(&object)
		if errors.Is(err, io.EOF) {
			return found
		}
		if err == nil {
			var text string
			if text, err = canonical(object.Raw); err == nil {
				found = append(found, outcome{JSON: text})
				continue
			}
		}
		return append(found, outcome{Error: err.Error()})
	}
}

// objects names the objects that kubectl's resource builder finds. Their fields are those of the documents. It goes on after an error, as apply does.
func objects(data []byte) (found []outcome) {
	defer func() {
		if failure := recover(); failure != nil {
			found = append(found, outcome{Error: fmt.Sprint(failure)})
		}
	}()
	result := resource.NewLocalBuilder().
		Unstructured().
		Stream(bytes.NewReader(data), "file.yaml").
		ContinueOnError().
		Flatten().
		Do()
	err := result.Visit(func(info *resource.Info, err error) error {
		if err != nil {
			return err
		}
		object := info.Object.(*unstructured.Unstructured)
		// With a server, the builder finds no resource for it.
		if object.GetAPIVersion() == "" {
			return errors.New("apiVersion not set")
		}
		found = append(found, outcome{JSON: strings.Join([]string{
			object.GetAPIVersion(), object.GetKind(), object.GetNamespace(), object.GetName(),
		}, " ")})
		return nil
	})
	if err != nil {
		found = append(found, outcome{Error: err.Error()})
	}
	return found
}

// separately converts every YAML document of the stream, whatever became of the ones before.
func separately(data []byte) (found []outcome) {
	if kyaml.IsJSONBuffer(data[:min(len(data), 4096)]) {
		return nil
	}
	reader := kyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		chunk, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			return append(found, outcome{Error: err.Error()})
		}
		found = append(found, convert(chunk))
	}
}

func convert(chunk []byte) (result outcome) {
	defer func() {
		if failure := recover(); failure != nil {
			result = outcome{Error: fmt.Sprint(failure)}
		}
	}()
	raw, err := yaml.YAMLToJSON(chunk)
	if err == nil {
		result.JSON, err = canonical(raw)
	}
	if err != nil {
		return outcome{Error: err.Error()}
	}
	return result
}

// canonical writes JSON with sorted keys, exact integers and floats in their shortest form.
func canonical(raw []byte) (string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "null", nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", err
	}
	var text strings.Builder
	err := write(&text, value)
	return text.String(), err
}

func write(out *strings.Builder, value any) error {
	switch value := value.(type) {
	case json.Number:
		return writeNumber(out, value.String())
	case string:
		writeString(out, value)
	case []any:
		out.WriteByte('[')
		for i, item := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := write(out, item); err != nil {
				return err
			}
		}
		out.WriteByte(']')
	case map[string]any:
		keys := make([]string, 0, len(value))
		for key := range value {
			keys = append(keys, key)
		}
		sort.Strings(keys)
		out.WriteByte('{')
		for i, key := range keys {
			if i > 0 {
				out.WriteByte(',')
			}
			writeString(out, key)
			out.WriteByte(':')
			if err := write(out, value[key]); err != nil {
				return err
			}
		}
		out.WriteByte('}')
	default:
		fmt.Fprint(out, map[any]string{nil: "null", true: "true", false: "false"}[value])
	}
	return nil
}

// writeString writes a string the way JavaScript's JSON.stringify does.
func writeString(out *strings.Builder, text string) {
	out.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case r == '\b':
			out.WriteString(`\b`)
		case r == '\f':
			out.WriteString(`\f`)
		case r < 0x20:
			fmt.Fprintf(out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
}

var (
	lowest  = new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), 63))
	highest = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 64), big.NewInt(1))
)

func writeNumber(out *strings.Builder, text string) error {
	if !strings.ContainsAny(text, ".eE") {
		exact, ok := new(big.Int).SetString(text, 10)
		if ok && exact.Cmp(lowest) >= 0 && exact.Cmp(highest) <= 0 {
			out.WriteString(exact.String())
			return nil
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return err
	}
	if value == 0 {
		value = 0
	}
	encoded, err := json.Marshal(value)
	out.Write(encoded)
	return err
}

// Checks signed checkpoints and proofs with the implementations of Go's checksum database, which share no code with this project.
//
// It reads a JSON document from standard input, and says on standard output what it found wrong, or nothing.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Evidence is what is to be checked: two checkpoints of one log, proofs that records are in the later one, and the proof that it goes
// on where the earlier one ended.
type Evidence struct {
	VerifierKey string      `json:"verifierKey"`
	Old         string      `json:"old"`
	New         string      `json:"new"`
	Inclusions  []Inclusion `json:"inclusions"`
	Consistency []tlog.Hash `json:"consistency"`
}

// Inclusion is the proof that a record's entry is in the log.
type Inclusion struct {
	LogIndex int64       `json:"logIndex"`
	Entry    []byte      `json:"entry"`
	Hashes   []tlog.Hash `json:"hashes"`
}

func main() {
	var evidence Evidence
	if err := json.NewDecoder(os.Stdin).Decode(&evidence); err != nil {
		fmt.Println("not readable:", err)
		return
	}
	verifier, err := note.NewVerifier(evidence.VerifierKey)
	if err != nil {
		fmt.Println("verifier key:", err)
		return
	}
	before, err := open(evidence.Old, verifier)
	if err != nil {
		fmt.Println("old checkpoint:", err)
		return
	}
	after, err := open(evidence.New, verifier)
	if err != nil {
		fmt.Println("new checkpoint:", err)
		return
	}
	for _, one := range evidence.Inclusions {
		leaf := tlog.RecordHash(one.Entry)
		if err := tlog.CheckRecord(one.Hashes, after.N, after.Hash, one.LogIndex, leaf); err != nil {
			fmt.Println("inclusion of", one.LogIndex, ":", err)
		}
	}
	if err := tlog.CheckTree(evidence.Consistency, after.N, after.Hash, before.N, before.Hash); err != nil {
		fmt.Println("consistency:", err)
	}
}

func open(text string, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("its origin is not the name of its key: %q", opened.Text)
	}
	var tree tlog.Tree
	if _, err := fmt.Sscanf(lines[1], "%d", &tree.N); err != nil {
		return tlog.Tree{}, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}
